#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

// Prometheus metrics (prometheus-cpp core behind this face). Names are listed in metrics.txt.
namespace onewindow::metrics {

using Labels = std::map<std::string, std::string>;

/// Safe from many threads.
class Metrics {
 public:
    virtual ~Metrics() = default;
    virtual void Count(const std::string& name, const Labels& labels = {}, double by = 1) = 0;
    virtual void Set(const std::string& name, const Labels& labels, double value) = 0;
    /// Seconds, in fixed buckets.
    virtual void Observe(const std::string& name, const Labels& labels, double seconds) = 0;
    /// Called before each scrape, to set gauges.
    virtual void BeforeScrape(std::function<void()> refresh) = 0;
    /// Text exposition format 0.0.4.
    virtual std::string Text() = 0;
};

std::unique_ptr<Metrics> MakeMetrics();

}  // namespace onewindow::metrics
