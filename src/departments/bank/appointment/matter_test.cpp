// Goal: a seat at a bank is never given twice, whoever comes at once; consent first; the licence moves a booking that it overtook.

#include "application/testing/filled_form.hpp"
#include "exchange/testing/shown_matter.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "departments/bank/appointment/reasons.hpp"
#include "departments/bank/appointment/slots.hpp"
#include "kernel/embedded.hpp"
#include "kernel/testing/databases.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace onewindow::departments::bank::appointment {
exchange::Matter MakeMatter();
namespace {

using application::testing::Change;
using exchange::Applicability;
using exchange::testing::Json;

struct Shown : exchange::testing::ShownMatter {
    explicit Shown(const std::string& sample, const std::vector<Change>& changes = {})
        : ShownMatter(MakeMatter(), sample, changes) {}
};

const std::vector<Change> kWanted = {{"bank.wanted", "true"},      {"bank.branch", "\"102451090015\""},
                                     {"bank.day", "\"2026-11-24\""}, {"bank.slot", "\"09:00\""},
                                     {"bank.consent", "true"}};

std::vector<Change> But(std::string path, std::string text) {
    std::vector<Change> changes = kWanted;
    changes.push_back({std::move(path), std::move(text)});
    return changes;
}

TEST(BankAppointment, AsksNothingUnlessItIsWanted) {
    const Shown shown("one_person_company"), wanted("one_person_company", kWanted);
    EXPECT_EQ(forms::CountTypedFields({shown.matter.form.sections}, shown.view.facts), 0);
    EXPECT_EQ(shown.Faults(), std::vector<std::string>{});
    EXPECT_EQ(shown.matter.applies(shown.Input()), Applicability::kNotApplicable);
    EXPECT_EQ(wanted.Faults(), std::vector<std::string>{});
    EXPECT_EQ(wanted.matter.applies(wanted.Input()), Applicability::kRequired);
    EXPECT_TRUE(wanted.matter.may_close(wanted.Input()));
}

TEST(BankAppointment, NeedsConsentAWorkingDayAndABranchInTheCity) {
    struct Case {
        std::string path, text, fault;
    };
    const Case cases[] = {{"bank.consent", "false", "bank.consent bank.consent"},
                          {"bank.consent", "", "bank.consent forms.missing"},
                          {"bank.day", "\"2026-11-23\"", "bank.day bank.day"},  // Today.
                          {"bank.day", "\"2026-11-28\"", "bank.day bank.day"},  // A Saturday.
                          {"bank.slot", "\"12:00\"", "bank.slot forms.choice"},
                          {"bank.branch", "\"999999999999\"", "bank.branch forms.unknown_code"}};
    for (const Case& one : cases) {
        EXPECT_EQ(Shown("one_person_company", But(one.path, one.text)).Faults(), std::vector<std::string>{one.fault})
            << one.path << one.text;
    }
    const auto elsewhere = application::testing::Seed().BranchesOf("370200");
    ASSERT_FALSE(elsewhere.empty());
    EXPECT_EQ(Shown("one_person_company", But("bank.branch", "\"" + elsewhere.front()->cnaps + "\"")).Faults(),
              std::vector<std::string>{"bank.branch bank.branch_elsewhere"});
    const Shown silent("one_person_company", But("bank.consent", "false"));
    EXPECT_EQ(silent.matter.applies(silent.Input()), Applicability::kNotApplicable);
}

TEST(BankAppointment, SpreadsADaysAppointmentsOverItsSlots) {
    for (const std::int64_t appointments : {0, 1, 5, 6, 8, 12, 17}) {
        std::int64_t sum = 0;
        for (std::size_t slot = 0; slot < Slots().size(); ++slot) sum += SeatsOf(appointments, slot);
        EXPECT_EQ(sum, appointments);
    }
    EXPECT_EQ(SeatsOf(8, 1), 2);
    EXPECT_EQ(SeatsOf(8, 2), 1);
}

TEST(BankAppointment, ReadsTheAnswerStrictly) {
    Shown shown("one_person_company", kWanted);
    shown.notes = Json(R"({"branch":"102451090015","day":"2026-11-24","slot":"09:00"})");
    const auto read = [&](std::string_view day, std::string_view slot, std::string_view more = "") {
        return shown.matter.read_result(
            shown.Input(), Json(R"({"appointment_number":"YY3701020000001","branch":"102451090015","day":")" +
                                std::string(day) + R"(","slot":")" + std::string(slot) + "\"" + std::string(more) + "}"));
    };
    const auto good = read("2026-11-24", "09:00");
    ASSERT_OK(good);
    EXPECT_EQ(good->number, "YY3701020000001");
    EXPECT_EQ(json::TextAt(good->shown, "day"), "2026-11-24");
    EXPECT_REFUSED(read("2026-11-25", "09:00"), reasons::kOtherBooking);
    EXPECT_REFUSED(read("2026-11-24", "10:00"), reasons::kOtherBooking);
    EXPECT_REFUSED(read("2026-11-24", "09:00", R"(,"x":1)"), json::reasons::kUnknownField);
    const auto step = [&](std::string_view text) {
        return shown.matter.read_step(shown.Input(), "account_opened", Json(text));
    };
    ASSERT_OK(step(R"({"account_number":"1602000109000000001","approval_number":"J4510000000001"})"));
    EXPECT_REFUSED(step(R"({"account_number":"","approval_number":"J4510000000001"})"), reasons::kNumber);
    EXPECT_REFUSED(step(R"({"account_number":"1602000109000000001"})"), json::reasons::kMissingField);
}

/// A repeatable source that many threads may use.
class LockedRandom final : public Random {
   public:
    explicit LockedRandom(Random& inner) : inner_(inner) {}
    void Fill(std::span<unsigned char> bytes) override {
        const std::lock_guard lock(mutex_);
        inner_.Fill(bytes);
    }

   private:
    std::mutex mutex_;
    Random& inner_;
};

class BankSeats : public testing::BothEngines {
   protected:
    BankSeats() { appointment::RegisterEvents(kinds_); }

    application::CaseId OpenCase(const std::string& name) {
        const application::CaseId id(name);
        const auto opened = database().Write([&](db::Transaction& tx) { return recorder_.Open(tx, id, "370102"); });
        EXPECT_TRUE(opened.has_value()) << opened.error().Describe();
        return id;
    }
    /// Runs a step of the matter for the track of that name.
    template <class Step>
    auto Run(Shown shown, const application::CaseId& id, Step step) {
        shown.view.the_case.id = id;
        return database().Write([&](db::Transaction& tx) {
            const exchange::MatterInput input = shown.Input();
            return step(exchange::StepInput{tx, input, recorder_, "track-" + id.value(), "fresh-" + id.value()});
        });
    }
    std::optional<Booking> BookingOf(const application::CaseId& id) {
        return database().Read([&](db::Transaction& tx) { return FindBooking(tx, "track-" + id.value()); }).value();
    }

    LockedRandom locked_{random_};
    sealing::Sealer sealer_{{.seal = {{1, std::string(16, 's')}}, .lookup = std::string(32, 'l')}, locked_};
    messages::Messages messages_ = messages::Messages::Load(embedded::AllMessages()).value();
    std::unique_ptr<metrics::Metrics> metrics_ = metrics::MakeMetrics();
    api::Services services_{database(), clock_, locked_, sealer_, messages_, log::Silent(), *metrics_};
    progress::EventKinds kinds_;
    progress::Recorder recorder_{services_, kinds_};
    const Shown shown_{"one_person_company", kWanted};
};

TEST_P(BankSeats, OfSixtyFourWhoWantOneSlotNoneShareASeat) {
    constexpr int kCallers = 64;
    std::vector<application::CaseId> cases;
    for (int i = 0; i < kCallers; ++i) cases.push_back(OpenCase("case-" + std::to_string(i)));
    std::atomic<int> failed = 0;
    std::vector<std::thread> threads;
    for (const auto& id : cases) {
        threads.emplace_back([&, id] {
            const auto booked = Run(shown_, id, [](const exchange::StepInput& step) {
                const auto* branch = step.matter.context.reference.FindBranch("102451090015");
                return Book(step, *branch, Date{std::chrono::year{2026} / 11 / 24}, "09:00");
            });
            if (!booked || !*booked) ++failed;
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(failed, 0);
    const std::int64_t a_day = shown_.context.reference.FindBranch("102451090015")->slots;
    std::set<std::string> seats;
    std::map<std::string, std::int64_t> by_slot, by_day;
    for (const auto& id : cases) {
        const auto booking = BookingOf(id);
        ASSERT_TRUE(booking.has_value());
        const std::string day = FormatDate(booking->day), slot = day + " " + booking->slot;
        EXPECT_TRUE(seats.insert(slot + " " + std::to_string(booking->seat)).second);
        EXPECT_TRUE(shown_.context.reference.calendar().IsWorkday(booking->day));
        ++by_slot[slot];
        ++by_day[day];
    }
    EXPECT_EQ(by_slot["2026-11-24 09:00"], SeatsOf(a_day, 0));
    for (const auto& [day, count] : by_day) EXPECT_LE(count, a_day) << day;
    // No day was passed over while it had seats: all days but the last are full.
    EXPECT_EQ(static_cast<std::int64_t>(by_day.size()), (kCallers + a_day - 1) / a_day);
}

TEST_P(BankSeats, GivesTheSeatBackUnlessTheMatterIsDone) {
    const auto id = OpenCase("case-a");
    const auto at_opening = [&](const Shown& shown) { return Run(shown, id, shown.matter.at_opening); };
    const auto notes = at_opening(shown_);
    ASSERT_OK(notes);
    EXPECT_EQ(json::TextAt(*notes, "day"), "2026-11-24");
    EXPECT_TRUE(json::BoolAt(*notes, "as_wished"));
    // A corrected form that is submitted again moves the booking, and keeps one.
    ASSERT_OK(at_opening(Shown("one_person_company", But("bank.slot", "\"14:30\""))));
    EXPECT_EQ(BookingOf(id)->slot, "14:30");
    const auto end = [&](bool done) {
        return Run(shown_, id, [&](const exchange::StepInput& step) { return shown_.matter.at_end(step, done); });
    };
    ASSERT_OK(end(true));
    EXPECT_TRUE(BookingOf(id).has_value());
    ASSERT_OK(end(false));
    EXPECT_FALSE(BookingOf(id).has_value());
    ASSERT_OK(end(false));
}

TEST_P(BankSeats, MovesABookingThatTheLicenceOvertook) {
    const auto id = OpenCase("case-a");
    ASSERT_OK(Run(shown_, id, shown_.matter.at_opening));
    const auto kept = Run(shown_, id, shown_.matter.at_due);
    ASSERT_OK(kept);
    EXPECT_TRUE(kept->empty());
    // Issued on Friday 27 November: Monday is the first day at the bank.
    const application::Context friday{shown_.context.reference, shown_.context.now, Date{std::chrono::year{2026} / 11 / 27}};
    const auto moved = Run(shown_, id, [&](const exchange::StepInput& step) {
        const exchange::MatterInput input{.view = step.matter.view, .licence = nullptr, .context = friday,
                                          .notes = step.matter.notes};
        return shown_.matter.at_due({step.tx, input, step.recorder, step.track, step.id});
    });
    ASSERT_OK(moved);
    EXPECT_EQ(json::TextAt(*moved, "day"), "2026-11-30");
    EXPECT_EQ(json::TextAt(*moved, "slot"), "09:00");
    EXPECT_EQ(FormatDate(BookingOf(id)->day), "2026-11-30");
}

TEST_P(BankSeats, ReplayOfTheEventsGivesTheSameSeats) {
    const auto one = OpenCase("case-a"), other = OpenCase("case-b");
    ASSERT_OK(Run(shown_, one, shown_.matter.at_opening));
    ASSERT_OK(Run(shown_, other, shown_.matter.at_opening));
    ASSERT_OK(Run(shown_, one, [&](const exchange::StepInput& step) { return shown_.matter.at_end(step, false); }));
    testing::FreshDatabase copy(GetParam());
    ASSERT_OK(progress::Replay(database(), *copy, services_, kinds_));
    const auto booking = [&](const char* track) {
        return copy->Read([&](db::Transaction& tx) { return FindBooking(tx, track); }).value();
    };
    EXPECT_FALSE(booking("track-case-a").has_value());
    EXPECT_EQ(booking("track-case-b"), BookingOf(other));
}

TEST_P(BankSeats, ShowsAsFreeWhatCanStillBeBookedAndNoMore) {
    const reference::BankBranch& branch = *shown_.context.reference.FindBranch("102451090015");
    const auto free = [&](Date day) {
        return database().Read([&](db::Transaction& tx) { return FindFree(tx, shown_.context, branch, day); }).value();
    };
    const Date tuesday = std::chrono::year{2026} / 11 / 24;
    EXPECT_TRUE(free(shown_.context.today).empty());                        // Today is too early,
    EXPECT_TRUE(free(std::chrono::year{2026} / 11 / 28).empty());  // and a Saturday has none.
    ASSERT_EQ(free(tuesday).size(), Slots().size());
    const std::int64_t seats = free(tuesday)[0].free;
    EXPECT_EQ(seats, SeatsOf(branch.slots, 0));
    // Booked one by one, each step takes one; a full slot sends the next one on.
    for (std::int64_t taken = 0; taken <= seats; ++taken) {
        EXPECT_EQ(free(tuesday)[0].free, seats - taken);
        const auto id = OpenCase("case-" + std::to_string(taken));
        ASSERT_OK(Run(shown_, id, shown_.matter.at_opening));
        const bool full = taken == seats;
        EXPECT_EQ(BookingOf(id)->slot, full ? "10:00" : "09:00");
    }
    EXPECT_EQ(free(tuesday)[0].free, 0);
    EXPECT_EQ(free(tuesday)[1].free, SeatsOf(branch.slots, 1) - 1);
    ASSERT_OK(Run(shown_, application::CaseId("case-0"), [&](const exchange::StepInput& step) { return shown_.matter.at_end(step, false); }));
    EXPECT_EQ(free(tuesday)[0].free, 1);
}

OW_BOTH_ENGINES(BankSeats);

}  // namespace
}  // namespace onewindow::departments::bank::appointment
