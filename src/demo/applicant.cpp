#include "demo/applicant.hpp"

#include "kernel/crypto/crypto.hpp"

namespace onewindow::demo {
namespace {

/// The papers as the statement lists them, digests computed from the bytes that were shown.
Result<json::array> LookAtPapers(ApiClient& client, const json::value& request) {
    json::array papers;
    std::vector<json::value> listed(request.at("papers").as_array().begin(), request.at("papers").as_array().end());
    std::sort(listed.begin(), listed.end(), [](const json::value& a, const json::value& b) { return json::TextAt(a, "id") < json::TextAt(b, "id"); });
    for (const json::value& paper : listed) {
        const std::string id = json::TextAt(paper, "id");
        OW_TRY(const std::string pdf, client.GetBytes("/api/v1/signature-requests/" + json::TextAt(request, "id") + "/papers/" + id));
        const std::string digest = crypto::Hex(crypto::Sm3(pdf));
        if (digest != json::TextAt(paper, "rendering_sm3")) return Refuse(reasons::kShownOther, id);
        papers.push_back(json::object{{"id", id}, {"data_sm3", json::TextAt(paper, "data_sm3")}, {"rendering_sm3", digest}});
    }
    return papers;
}

Result<> SignOne(ApiClient& client, const json::value& request) {
    const std::string path = "/api/v1/signature-requests/" + json::TextAt(request, "id");
    if (json::BoolAt(request, "verified_only")) {
        OW_CHECK(client.Post(path + "/confirmation", json::object{}));
        return {};
    }
    OW_CHECK(client.Post(path + "/seen", json::object{}));
    OW_TRY(const json::array papers, LookAtPapers(client, request));
    const auto key = crypto::Sm2PrivateKey::Generate();
    OW_CHECK(client.Post(path + "/certificate", json::object{{"public_key", crypto::Base64(key.PublicKey().Point())}}));
    OW_TRY(const json::value certificate, client.Poll(path + "/certificate",
                                                      [](const json::value& answer) {
                                                          const std::string state = json::TextAt(answer, "state");
                                                          return state == "issued" || state == "refused";
                                                      },
                                                      120));
    if (json::TextAt(certificate, "state") != "issued") return Fail(Error(Fault{&reasons::kSaidNo, {}, {}}).WithDetail("certificate refused"));
    const std::string statement = json::Canonical(json::object{{"schema", "onewindow.signature.v1"},
                                                               {"case_number", json::TextAt(request, "case_number")},
                                                               {"person", json::TextAt(request, "person")},
                                                               {"capacity", json::TextAt(request, "capacity")},
                                                               {"principal", json::TextAt(request, "principal")},
                                                               {"identity_evidence", json::TextAt(certificate, "identity_evidence")},
                                                               {"papers", papers}});
    OW_CHECK(client.Post(path + "/signature", json::object{{"statement", statement}, {"signature", crypto::Base64(key.Sign(statement))}}));
    return {};
}

}  // namespace

Result<> SignAll(ApiClient& client, const std::string& case_id) {
    OW_TRY(const json::value mine, client.Get("/api/v1/me/signature-requests"));
    for (const json::value& request : mine.at("requests").as_array()) {
        const std::string state = json::TextAt(request, "state");
        const bool open = state == "open" || state == "seen";
        if (open && json::TextAt(request, "case_id") == case_id) OW_CHECK(SignOne(client, request));
    }
    return {};
}

Result<Filed> FileApplication(const World& world, const json::value& sample) {
    std::map<std::string, ApiClient> people;
    for (const json::value& person : sample.at("persons").as_array()) {
        ApiClient client(world.outside, world.random, world.url);
        client.KeepJournal(world.journal);
        OW_CHECK(client.LoginAsPerson(world.identity_url, world.identity_client, person));
        people.emplace(json::TextAt(person, "key"), std::move(client));
    }
    const auto applicant = people.find(json::TextAt(sample, "applicant"));
    if (applicant == people.end()) return Refuse(reasons::kSample, "applicant");
    ApiClient& client = applicant->second;
    OW_TRY(const json::value opened, client.Post("/api/v1/cases", json::object{{"entity_type", json::TextAt(sample, "entity_type")},
                                                                               {"county", json::TextAt(sample, "county")}}));
    const std::string id = json::TextAt(opened, "id");
    const std::string path = "/api/v1/cases/" + id;
    OW_CHECK(client.Put(path + "/form", json::object{{"facts", sample.at("facts")}}, 0));
    OW_CHECK(client.Post(path + "/signing", json::object{}));
    for (auto& [key, person] : people) OW_CHECK(SignAll(person, id));
    std::string title = json::TextAt(sample, "facts.name.full");
    if (title.empty()) title = json::TextAt(sample, "persons.0.name");
    return Filed{id, json::TextAt(opened, "number"), title, client};
}

}  // namespace onewindow::demo
