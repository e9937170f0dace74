#pragma once

#include "kernel/crash/crash.hpp"
#include "kernel/files/files.hpp"
#include "kernel/testing/api_client.hpp"
#include "kernel/testing/databases.hpp"
#include "reference/reference.hpp"
#include "server/rooms.hpp"

// For *_test.cpp only.
namespace onewindow::testing {

/// Nobody outside answers.
class NoOutside final : public http::Outside {
 public:
    Result<http::Answer> Send(const http::Call&) override {
        return Refuse(http::reasons::kNoAnswer);
    }
};

/// The whole service over one database, every room wired as in life, driven without sockets. One is one life of the
/// process: the next one finds what the database kept.
class ServiceWorld {
 public:
    ServiceWorld(db::Database& database, const Clock& clock, Random& random,
                 const std::string& folder)
        : api(database, clock, random), settings_(SettingsFor(folder)) {
        rooms.AddRoutes(api.router);
        const auto seeded = database.Write([&](db::Transaction& tx) -> Result<> {
            OW_TRY(const auto datasets, reference::SeedDatasets());
            OW_CHECK(reference::SeedReference(tx, datasets, clock.Now()));
            return {};
        });
        OW_ASSERT(seeded.has_value());
    }

    ApiWorld api;

 private:
    static server::Settings SettingsFor(const std::string& folder) {
        server::Settings settings;
        settings.data = folder;
        return settings;
    }

    server::Settings settings_;
    NoCrashPoints crash_;
    NoOutside outside_;
    std::unique_ptr<mail::Sender> mail_ = mail::MakeSmtpSender();
    server::Ground ground_{api.services, crash_,       outside_, *mail_,
                           settings_,    "onewindow-1", crypto::Sm2PrivateKey::Generate(),
                           "",           "http://onewindow.test"};

 public:
    server::Rooms rooms{ground_};
};

inline constexpr db::Query kCountCases{"", "SELECT COUNT(*) AS n FROM application_case"};

/// Cases that the database holds.
inline std::int64_t CountCases(db::Database& database) {
    const auto row = database.Read([](db::Transaction& tx) { return tx.FindOne(kCountCases); });
    return row && *row ? (*row)->Int("n") : -1;
}

inline const std::string kOpenCase = R"({"entity_type":"one_person_company","county":"370102"})";

}  // namespace onewindow::testing
