// Goal: counters, gauges and histograms come out as Prometheus text; gauges are refreshed before
// each scrape.

#include "kernel/metrics/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onewindow::metrics {
namespace {

TEST(Metrics, AreWrittenAsText) {
    const auto metrics = MakeMetrics();
    metrics->Count("onewindow_test_total", {{"kind", "a"}});
    metrics->Count("onewindow_test_total", {{"kind", "a"}}, 2);
    metrics->Count("onewindow_test_total", {{"kind", "b"}});
    metrics->Observe("onewindow_test_seconds", {}, 0.2);
    int scrapes = 0;
    metrics->BeforeScrape([&] { metrics->Set("onewindow_test_depth", {}, ++scrapes); });
    EXPECT_THAT(metrics->Text(), testing::HasSubstr("onewindow_test_depth 1"));
    const std::string text = metrics->Text();
    EXPECT_THAT(text, testing::HasSubstr("onewindow_test_total{kind=\"a\"} 3"));
    EXPECT_THAT(text, testing::HasSubstr("onewindow_test_total{kind=\"b\"} 1"));
    EXPECT_THAT(text, testing::HasSubstr("onewindow_test_seconds_bucket{le=\"0.1\"} 0"));
    EXPECT_THAT(text, testing::HasSubstr("onewindow_test_seconds_bucket{le=\"0.25\"} 1"));
    EXPECT_THAT(text, testing::HasSubstr("onewindow_test_depth 2"));
}

}  // namespace
}  // namespace onewindow::metrics
