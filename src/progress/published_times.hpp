#pragma once

#include <map>

#include "progress/clocks.hpp"

// The figures that are published (优化营商环境条例 36): of all clocks that began in a period, open
// ones with their time so far.
namespace onewindow::progress {

/// Which clocks are counted.
struct Period {
    Date from, until;            // Both included.
    std::string authority = {};  // Digits that the authority's code begins with; empty: all.
};

/// Reads "from", "until" (default: the last 30 days) and "authority" of a query; at most 366 days.
Result<Period> ReadPeriod(const http::Request& request, Date today);
/// "370100" -> "3701": 00 stands for all of them (GB/T 2260).
std::string AuthorityPrefix(std::string_view code);

/// Figures of one subject. Minutes are begun working minutes.
struct PublishedSubject {
    std::string subject;
    std::int64_t volume = 0;    // All clocks.
    std::int64_t finished = 0;  // Stopped.
    std::int64_t open = 0;      // Running or paused.
    std::int64_t late = 0;      // Over their limit, open or stopped.
    /// Of those that are decided (stopped, or open and late) the share in time; absent where none
    /// is decided.
    std::optional<std::int64_t> on_time_basis_points;
    std::int64_t p50_minutes = 0, p90_minutes = 0, p99_minutes = 0, worst_minutes = 0;
};
BOOST_DESCRIBE_STRUCT(PublishedSubject, (),
                      (subject, volume, finished, open, late, on_time_basis_points, p50_minutes,
                       p90_minutes, p99_minutes, worst_minutes))

/// Counts clocks by begun minutes, so that a province's year needs no more memory than a day.
class Tally {
 public:
    void Add(std::int64_t minutes, std::int64_t clocks, std::int64_t late, bool open);
    PublishedSubject Figures(std::string subject) const;

 private:
    /// The least value that at least `percent` of the clocks do not exceed (nearest rank).
    std::int64_t Percentile(std::int64_t percent) const;

    std::map<std::int64_t, std::int64_t> clocks_by_minutes_;
    std::int64_t volume_ = 0, open_ = 0, late_ = 0, late_open_ = 0;
};

Result<std::vector<PublishedSubject>> ReadPublished(db::Transaction& tx,
                                                    const reference::Store& reference,
                                                    const Period& period, Instant now);

/// One clock behind a figure.
struct PublishedRow {
    std::string case_id, authority, state, holder, colour;
    bool late = false;
    std::int64_t used_minutes = 0, limit_minutes = 0, limit_workdays = 0;
    Instant from;
    std::optional<Instant> due, stopped;
};
BOOST_DESCRIBE_STRUCT(PublishedRow, (),
                      (case_id, authority, state, holder, colour, late, used_minutes, limit_minutes,
                       limit_workdays, from, due, stopped))

/// Rows of one subject in order of case id, after `after`.
Result<std::vector<PublishedRow>> ReadPublishedRows(db::Transaction& tx,
                                                    const reference::Store& reference,
                                                    const Period& period, std::string_view subject,
                                                    std::string_view after, std::int64_t limit,
                                                    Instant now);

}  // namespace onewindow::progress
