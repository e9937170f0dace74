#include "server/demo_posts.hpp"

#include <filesystem>

#include "kernel/auth/auth.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/files/files.hpp"

namespace onewindow::server {
namespace {

using auth::Grant;
using auth::Role;

struct Post {
    std::string login, name;
    Grant grant;
};

/// 370000 covers the province: a demo needs no account for each of its 136 counties.
std::vector<Post> Posts() {
    const std::string province = "370000";
    return {
        {"registrar", "演示登记人员", {Role::kRegistrar, province, ""}},
        {"clerk", "演示出件窗口", {Role::kWindowClerk, province, ""}},
        {"supervisor", "演示督办", {Role::kSupervisor, province, ""}},
        {"social", "演示社保经办", {Role::kAgencyOfficer, province, "human_resources"}},
        {"medical", "演示医保经办", {Role::kAgencyOfficer, province, "medical_insurance"}},
        {"fund", "演示公积金经办", {Role::kAgencyOfficer, province, "housing_fund"}},
        {"police", "演示公安经办", {Role::kAgencyOfficer, province, "public_security"}},
        {"tax", "演示税务经办", {Role::kAgencyOfficer, province, "tax"}},
        {"helper", "演示帮办", {Role::kHelper, province, ""}},
        {"administrator", "演示系统管理员", {Role::kAdministrator, province, ""}},
        {"security", "演示安全保密管理员", {Role::kSecurityOfficer, province, ""}},
        {"auditor", "演示安全审计员", {Role::kAuditor, province, ""}},
    };
}

}  // namespace

Result<int> SeedDemoPosts(Storage& storage, const std::string& data) {
    const std::string file = data + "/demo_accounts.json";
    if (std::filesystem::exists(file)) return 0;
    api::Services& services = storage.services();
    json::array accounts;
    std::vector<std::pair<auth::NewPost, std::string>> posts;
    for (const Post& post : Posts()) {
        auth::NewPost made{.login = post.login,
                           .display_name = post.name,
                           .password = services.random.Readable(12) + "-a9",
                           .totp_secret = services.random.Bytes(20),
                           .grants = {post.grant}};
        accounts.push_back(json::object{{"login", made.login}, {"name", made.display_name}, {"password", made.password},
                                        {"totp_secret", auth::TotpSecretText(made.totp_secret)}});
        std::string hash = crypto::HashPassword(made.password, services.random.Bytes(16));
        posts.emplace_back(std::move(made), std::move(hash));
    }
    // The file first: an account whose password nobody knows would be of no use, and the other way round harms nobody.
    OW_CHECK(files::WriteFile(file, json::Text(accounts) + "\n", 0600));
    return services.database.Write([&](db::Transaction& tx) -> Result<int> {
        for (const auto& [post, hash] : posts) OW_CHECK(auth::CreatePost(tx, services, post, hash));
        return static_cast<int>(posts.size());
    });
}

}  // namespace onewindow::server
