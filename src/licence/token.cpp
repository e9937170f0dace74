#include "licence/token.hpp"

#include "kernel/text/text.hpp"
#include "licence/reasons.hpp"

namespace onewindow::licence {

std::string MakeToken(const TokenFacts& facts, std::string_view key_id,
                      const crypto::Sm2PrivateKey& key) {
    const json::object body{{"id", facts.id},
                            {"uscc", facts.uscc},
                            {"name_sm3", facts.name_sm3},
                            {"issued", facts.issued}};
    const std::string signed_part = crypto::Base64Url(json::Canonical(body));
    return signed_part + "." + std::string(key_id) + "." + crypto::Base64Url(key.Sign(signed_part));
}

Result<TokenFacts> ReadToken(std::string_view token, std::string_view key_id,
                             const crypto::Sm2PublicKey& key) {
    const std::vector<std::string> parts = text::Split(token, '.');
    if (parts.size() != 3 || parts[1] != key_id) return Refuse(reasons::kToken, "t");
    const auto signature = crypto::FromBase64Url(parts[2]);
    // One token has one spelling: what decodes to the same bytes in another way is not ours.
    if (!signature || crypto::Base64Url(*signature) != parts[2])
        return Refuse(reasons::kToken, "t");
    if (!key.Verify(parts[0], *signature)) return Refuse(reasons::kToken, "t");
    const auto text = crypto::FromBase64Url(parts[0]);
    if (!text) return Refuse(reasons::kToken, "t");
    OW_TRY(const json::value body, json::Parse(*text));
    return TokenFacts{.id = json::TextAt(body, "id"),
                      .uscc = json::TextAt(body, "uscc"),
                      .name_sm3 = json::TextAt(body, "name_sm3"),
                      .issued = json::TextAt(body, "issued")};
}

}  // namespace onewindow::licence
