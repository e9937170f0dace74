#include "kernel/metrics/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <vector>

#include "kernel/result/result.hpp"

namespace onewindow::metrics {
namespace {

/// Seconds: from a look-up in memory to the patience of a browser.
const prometheus::Histogram::BucketBoundaries kBuckets = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

class RegistryMetrics final : public Metrics {
 public:
    void Count(const std::string& name, const Labels& labels, double by) override {
        Find(counters_, name, prometheus::BuildCounter()).Add(labels).Increment(by);
    }

    void Set(const std::string& name, const Labels& labels, double value) override {
        Find(gauges_, name, prometheus::BuildGauge()).Add(labels).Set(value);
    }

    void Observe(const std::string& name, const Labels& labels, double seconds) override {
        Find(histograms_, name, prometheus::BuildHistogram())
            .Add(labels, kBuckets)
            .Observe(seconds);
    }

    void BeforeScrape(std::function<void()> refresh) override {
        const std::lock_guard lock(mutex_);
        refreshes_.push_back(std::move(refresh));
    }

    std::string Text() override {
        std::vector<std::function<void()>> refreshes;
        {
            const std::lock_guard lock(mutex_);
            refreshes = refreshes_;
        }
        for (const auto& refresh : refreshes) refresh();  // Outside the lock: they set gauges.
        return prometheus::TextSerializer().Serialize(registry_.Collect());
    }

 private:
    template <class Family, class Builder>
    Family& Find(std::map<std::string, Family*>& families, const std::string& name,
                 Builder builder) {
        const std::lock_guard lock(mutex_);
        Family*& family = families[name];
        if (family == nullptr) family = &builder.Name(name).Register(registry_);
        return *family;
    }

    prometheus::Registry registry_;
    std::mutex mutex_;
    std::map<std::string, prometheus::Family<prometheus::Counter>*> counters_;
    std::map<std::string, prometheus::Family<prometheus::Gauge>*> gauges_;
    std::map<std::string, prometheus::Family<prometheus::Histogram>*> histograms_;
    std::vector<std::function<void()>> refreshes_;
};

}  // namespace

std::unique_ptr<Metrics> MakeMetrics() { return std::make_unique<RegistryMetrics>(); }

}  // namespace onewindow::metrics
