#include "kernel/clock/clock.hpp"

#include <charconv>

#include <fmt/format.h>

namespace onewindow {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

bool ReadNumber(std::string_view& text, std::size_t width, int& value) {
    if (text.size() < width) return false;
    value = 0;
    for (std::size_t i = 0; i < width; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(width);
    return true;
}

bool Skip(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

bool ReadDate(std::string_view& text, Date& date) {
    int year = 0, month = 0, day = 0;
    if (!ReadNumber(text, 4, year) || !Skip(text, '-') || !ReadNumber(text, 2, month) ||
        !Skip(text, '-') || !ReadNumber(text, 2, day)) {
        return false;
    }
    date = Date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                std::chrono::day{static_cast<unsigned>(day)}};
    return date.ok();
}

bool ReadFraction(std::string_view& text, int& millis) {
    int digits = 0;
    millis = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (digits < 3) millis = millis * 10 + (text.front() - '0');
        ++digits;
        text.remove_prefix(1);
    }
    for (int i = digits; i < 3; ++i) millis *= 10;
    return digits > 0 && digits <= 9;
}

bool ReadOffset(std::string_view text, minutes& offset) {
    offset = kShanghaiOffset;
    if (text.empty()) return true;
    if (text == "Z") {
        offset = minutes{0};
        return true;
    }
    const int sign = text.front() == '-' ? -1 : 1;
    if (text.front() != '+' && text.front() != '-') return false;
    text.remove_prefix(1);
    int hour = 0, minute = 0;
    if (!ReadNumber(text, 2, hour)) return false;
    Skip(text, ':');
    if (!ReadNumber(text, 2, minute) || !text.empty() || hour > 14 || minute > 59) return false;
    offset = sign * (hours{hour} + minutes{minute});
    return true;
}

}  // namespace

Date Clock::Today() const { return DateOf(Now()); }

Instant SystemClock::Now() const {
    return floor<milliseconds>(std::chrono::system_clock::now()) + shift_;
}

Monotonic SystemClock::Ticks() const {
    return std::chrono::steady_clock::now().time_since_epoch();
}

void ManualClock::Advance(milliseconds by) {
    now_ += by;
    ticks_ += by;
}

Date DateOf(Instant instant) { return Date{floor<days>(instant + kShanghaiOffset)}; }

milliseconds TimeOfDay(Instant instant) {
    const auto local = instant + kShanghaiOffset;
    return local - floor<days>(local);
}

Instant At(Date date, milliseconds time_of_day) {
    return Instant{std::chrono::sys_days{date}.time_since_epoch()} + time_of_day - kShanghaiOffset;
}

std::int64_t EpochMs(Instant instant) { return instant.time_since_epoch().count(); }

Instant FromEpochMs(std::int64_t epoch_ms) { return Instant{milliseconds{epoch_ms}}; }

std::string FormatInstant(Instant instant) {
    const auto in_day = TimeOfDay(instant);
    const auto hour = floor<hours>(in_day);
    const auto minute = floor<minutes>(in_day - hour);
    const auto second = floor<seconds>(in_day - hour - minute);
    const auto milli = in_day - hour - minute - second;
    const std::string fraction = milli.count() == 0 ? "" : fmt::format(".{:03}", milli.count());
    return fmt::format("{}T{:02}:{:02}:{:02}{}+08:00", FormatDate(DateOf(instant)), hour.count(),
                       minute.count(), second.count(), fraction);
}

std::string FormatDate(Date date) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string FormatDateChinese(Date date) {
    return fmt::format("{:04}年{:02}月{:02}日", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string FormatDateCompact(Date date) {
    return fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Result<Date> ParseDate(std::string_view text) {
    Date date;
    if (!ReadDate(text, date) || !text.empty()) return Refuse(reasons::kDateUnreadable);
    return date;
}

Result<Instant> ParseInstant(std::string_view text) {
    Date date;
    int hour = 0, minute = 0, second = 0, milli = 0;
    if (!ReadDate(text, date)) return Refuse(reasons::kTimeUnreadable);
    if (!Skip(text, 'T') && !Skip(text, ' ')) return Refuse(reasons::kTimeUnreadable);
    if (!ReadNumber(text, 2, hour) || !Skip(text, ':') || !ReadNumber(text, 2, minute)) {
        return Refuse(reasons::kTimeUnreadable);
    }
    if (Skip(text, ':') && !ReadNumber(text, 2, second)) return Refuse(reasons::kTimeUnreadable);
    if (Skip(text, '.') && !ReadFraction(text, milli)) return Refuse(reasons::kTimeUnreadable);
    minutes offset{0};
    if (!ReadOffset(text, offset) || hour > 23 || minute > 59 || second > 59) {
        return Refuse(reasons::kTimeUnreadable);
    }
    return Instant{std::chrono::sys_days{date}.time_since_epoch()} + hours{hour} + minutes{minute} +
           seconds{second} + milliseconds{milli} - offset;
}

Date AddMonths(Date date, int months) {
    const Date moved = date + std::chrono::months{months};
    return moved.ok() ? moved : Date{moved.year() / moved.month() / std::chrono::last};
}

Date AddDays(Date date, int count) { return Date{std::chrono::sys_days{date} + days{count}}; }

int AgeOn(Date birth, Date day) {
    int age = static_cast<int>(day.year()) - static_cast<int>(birth.year());
    const bool before_birthday = std::pair{day.month(), day.day()} < std::pair{birth.month(), birth.day()};
    return before_birthday ? age - 1 : age;
}

}  // namespace onewindow
