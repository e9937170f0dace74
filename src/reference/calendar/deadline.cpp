#include "reference/calendar/deadline.hpp"

#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

// About five years: nothing in this field runs longer, and an answer must not take for ever.
constexpr std::int64_t kMinutesMax = 600'000;
constexpr std::int64_t kWorkdaysMax = 1'500;

Result<> CheckAmount(const DeadlineQuestion& question) {
    const bool one = question.minutes.has_value() != question.workdays.has_value();
    const bool minutes_fit =
        !question.minutes || (*question.minutes >= 0 && *question.minutes <= kMinutesMax);
    const bool days_fit =
        !question.workdays || (*question.workdays >= 1 && *question.workdays <= kWorkdaysMax);
    if (one && minutes_fit && days_fit) return {};
    return Refuse(reasons::kDeadlineAmount, question.workdays ? "workdays" : "minutes",
                  {{"minutes_max", std::to_string(kMinutesMax)},
                   {"workdays_max", std::to_string(kWorkdaysMax)}});
}

}  // namespace

Result<Deadline> FindDeadline(const Snapshot& snapshot, const DeadlineQuestion& question) {
    OW_CHECK(CheckAmount(question));
    const auto read = ParseInstant(question.from);
    if (!read) return Refuse(onewindow::reasons::kTimeUnreadable, "from");
    const Instant from = *read;
    const HallHours* hours = snapshot.FindHours(question.hall);
    if (!hours) {
        return Refuse(reasons::kHallUnknown, "hall", {{"hall", std::string(question.hall)}});
    }
    const WorkingCalendar& calendar = snapshot.calendar();
    const Due due = question.minutes
                        ? calendar.AddWorkingMinutes(*hours, from, *question.minutes)
                        : calendar.AddWorkdays(*hours, from, static_cast<int>(*question.workdays));
    const Worked worked = calendar.WorkingMinutesBetween(*hours, from, due.at);
    return Deadline{.from = from,
                    .due = due.at,
                    .minutes = std::chrono::floor<std::chrono::minutes>(worked.time).count(),
                    .hall = hours->hall,
                    .calendar = calendar.version(),
                    .provisional = due.provisional};
}

boost::json::object ToJson(const Deadline& deadline) {
    return {{"from", FormatInstant(deadline.from)}, {"due", FormatInstant(deadline.due)},
            {"minutes", deadline.minutes},          {"hall", deadline.hall},
            {"calendar", deadline.calendar},        {"provisional", deadline.provisional}};
}

}  // namespace onewindow::reference
