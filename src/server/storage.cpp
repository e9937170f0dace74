#include "server/storage.hpp"

#include <filesystem>

#include "kernel/embedded.hpp"
#include "kernel/files/files.hpp"
#include "licence/pool.hpp"
#include "reference/reference.hpp"
#include "server/demo_clock.hpp"

namespace onewindow::server {
namespace {

class OpenedStorage final : public Storage {
   public:
    Result<> Open(const std::string& data, const std::string& url, bool demo) {
        OW_CHECK(files::MakeDirectory(data, 0750));
        OW_CHECK(files::MakeDirectory(data + "/keys", 0700));
        OW_TRY(const auto shift, DemoShift(data, machine_, *reference::SeedSnapshot(), !demo));
        clock_ = std::make_unique<SystemClock>(shift);
        log_ = log::MakeLog(2, log::Level::kWarn, *clock_);
        OW_TRY(sealing::Sealer::Keys keys, sealing::LoadKeys(data, demo, random_));
        sealer_ = std::make_unique<sealing::Sealer>(std::move(keys), random_);
        OW_TRY(database_, db::Open(DatabaseUrl(data, url)));
        const std::vector<db::Migration> migrations = embedded::AllMigrations();
        OW_CHECK(db::Migrate(*database_, migrations));
        services_ = std::make_unique<api::Services>(api::Services{*database_, *clock_, random_, *sealer_, Texts(), *log_, *metrics_});
        OW_TRY(const std::vector<reference::Dataset> seed, reference::SeedDatasets());
        OW_CHECK(database_->Write([&](db::Transaction& tx) { return reference::SeedReference(tx, seed, clock_->Now()); }));
        if (!demo) return {};
        return database_->Write([&](db::Transaction& tx) -> Result<> { return licence::SeedDemoPools(tx, *reference::SeedSnapshot()); });
    }
    api::Services& services() override { return *services_; }

   private:
    SystemClock machine_;
    std::unique_ptr<SystemClock> clock_;
    SystemRandom random_;
    std::unique_ptr<log::Log> log_;
    std::unique_ptr<metrics::Metrics> metrics_ = metrics::MakeMetrics();
    std::unique_ptr<sealing::Sealer> sealer_;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<api::Services> services_;
};

}  // namespace

std::string DatabaseUrl(const std::string& data, const std::string& url) { return url.empty() ? "sqlite:" + data + "/onewindow.db" : url; }

Result<std::unique_ptr<Storage>> OpenStorage(const std::string& data, const std::string& url, bool demo) {
    auto storage = std::make_unique<OpenedStorage>();
    OW_CHECK(storage->Open(data, url, demo));
    return std::unique_ptr<Storage>(std::move(storage));
}

Result<crypto::Sm2PrivateKey> LoadSigningKey(const std::string& data, bool demo) {
    const std::string folder = data + "/keys";
    const std::string file = folder + "/" + std::string(kKeyId) + ".key.pem";
    if (!std::filesystem::exists(file) && demo) {
        const auto key = crypto::Sm2PrivateKey::Generate();
        OW_CHECK(files::MakeDirectory(folder + "/public"));
        OW_CHECK(files::WriteFile(folder + "/public/" + std::string(kKeyId) + ".pem", key.PublicKey().Pem()));
        OW_CHECK(files::WriteFile(file, key.Pem(), 0600));
    }
    OW_TRY(const std::string pem, files::ReadFile(file));
    return crypto::Sm2PrivateKey::FromPem(pem);
}

const messages::Messages& Texts() {
    static const messages::Messages texts = [] {
        const std::vector<messages::File> files = embedded::AllMessages();
        auto loaded = messages::Messages::Load(files);
        OW_ASSERT(loaded.has_value());
        return *std::move(loaded);
    }();
    return texts;
}

}  // namespace onewindow::server
