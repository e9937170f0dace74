#pragma once

#include "kernel/crash/crash.hpp"
#include "kernel/embedded.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "progress/clocks.hpp"

// For *_test.cpp only.
namespace onewindow::progress {

/// A recorder, clocks and jobs over a fresh database of either engine, by the built-in calendar.
class World : public testing::BothEngines {
 protected:
    static Instant T(std::string_view text) { return *ParseInstant(text); }
    static messages::Messages LoadMessages() {
        const auto files = embedded::AllMessages();
        return messages::Messages::Load(files).value();
    }

    World() { RegisterEvents(kinds_); }

    /// One write transaction.
    template <class F>
    auto Write(F&& closure) {
        return database().Write(std::forward<F>(closure));
    }
    Result<> OpenCase(const CaseId& case_id, std::string_view authority = "370102") {
        return Write([&](db::Transaction& tx) { return recorder_.Open(tx, case_id, authority); });
    }
    Result<> Start(const CaseId& case_id, const ClockOrder& order) {
        return Write([&](db::Transaction& tx) { return clocks_.Start(tx, case_id, order); });
    }
    Result<> Charge(const CaseId& case_id, std::string_view subject, std::string_view holder,
                    bool counts, std::string_view reason) {
        return Write([&](db::Transaction& tx) {
            return clocks_.Charge(tx, case_id, subject, holder, counts, reason);
        });
    }
    Result<> Stop(const CaseId& case_id, std::string_view subject) {
        return Write([&](db::Transaction& tx) { return clocks_.Stop(tx, case_id, subject); });
    }
    ClockState StateOf(const CaseId& case_id, std::string_view subject) {
        const auto states =
            database().Read([&](db::Transaction& tx) { return clocks_.Read(tx, case_id); });
        OW_ASSERT(states.has_value());
        for (const ClockState& state : *states) {
            if (state.subject == subject) return state;
        }
        ADD_FAILURE() << "no clock " << subject;
        return {};
    }
    std::vector<Span> SpansOf(const CaseId& case_id, std::string_view subject) {
        auto spans =
            database().Read([&](db::Transaction& tx) { return clocks_.ReadSpans(tx, case_id); });
        OW_ASSERT(spans.has_value());
        std::erase_if(*spans, [&](const Span& span) { return span.subject != subject; });
        return *std::move(spans);
    }
    std::vector<std::string> KindsOf(const CaseId& case_id) {
        const auto events = database().Read(
            [&](db::Transaction& tx) { return ReadTimeline(tx, case_id, 0, 1000); });
        OW_ASSERT(events.has_value());
        std::vector<std::string> kinds;
        for (const StoredEvent& stored : *events) kinds.push_back(stored.event.kind);
        return kinds;
    }
    /// Rows of a statement as text, for comparing tables of two databases.
    static std::vector<std::string> Dump(db::Database& from, const db::Query& query) {
        const auto rows = from.Read([&](db::Transaction& tx) { return tx.Run(query, {}); });
        OW_ASSERT(rows.has_value());
        std::vector<std::string> lines;
        for (const db::Row& row : *rows) {
            std::string line;
            for (const db::Value& value : row.values()) {
                if (const auto* number = std::get_if<std::int64_t>(&value))
                    line += std::to_string(*number);
                if (const auto* text = std::get_if<std::string>(&value)) line += "'" + *text + "'";
                if (const auto* blob = std::get_if<db::Bytes>(&value)) line += "x" + blob->bytes;
                line += "|";
            }
            lines.push_back(std::move(line));
        }
        return lines;
    }

    sealing::Sealer sealer_{{.seal = {{1, std::string(16, 's')}}, .lookup = std::string(32, 'l')},
                            random_};
    messages::Messages messages_ = LoadMessages();
    std::unique_ptr<metrics::Metrics> metrics_ = metrics::MakeMetrics();
    api::Services services_{database(), clock_,        random_,  sealer_,
                            messages_,  log::Silent(), *metrics_};
    EventKinds kinds_;
    Recorder recorder_{services_, kinds_};
    reference::Store reference_;
    Clocks clocks_{services_, reference_, recorder_};
    NoCrashPoints crash_;
    std::unique_ptr<jobs::Runner> runner_ =
        jobs::MakeRunner({database(), clock_, random_, crash_, log::Silent(), "node-1"});
};

}  // namespace onewindow::progress
