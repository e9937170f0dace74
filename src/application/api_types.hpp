#pragma once

#include "application/application.hpp"

// Request and answer types of the room's routes; the OpenAPI document is made from them.
namespace onewindow::application {

struct OpenCaseRequest {
    std::string entity_type;
    std::string county;  // Division code of the premises' county.
};
BOOST_DESCRIBE_STRUCT(OpenCaseRequest, (), (entity_type, county))

struct CaseAnswer {
    std::string id, number, entity_type, county, authority;
    State state{};
    bool frozen = false;
    std::int64_t revision = 0;
    bool human_review_wanted = false;
    std::string policy_version;
    Instant opened_at;
    std::optional<Instant> submitted_at, licensed_at, completed_at;
};
BOOST_DESCRIBE_STRUCT(CaseAnswer, (), (id, number, entity_type, county, authority, state, frozen, revision,
                                       human_review_wanted, policy_version, opened_at, submitted_at, licensed_at, completed_at))

struct CaseList {
    std::vector<CaseAnswer> cases;
};
BOOST_DESCRIBE_STRUCT(CaseList, (), (cases))

struct FaultAnswer {
    std::string field, reason, citation, text;
};
BOOST_DESCRIBE_STRUCT(FaultAnswer, (), (field, reason, citation, text))

struct FormAnswer {
    std::int64_t revision = 0;
    json::object facts;
    std::vector<FaultAnswer> faults;  // What is still wrong or missing; a draft may be saved with missing parts.
};
BOOST_DESCRIBE_STRUCT(FormAnswer, (), (revision, facts, faults))

struct SaveFormRequest {
    json::object facts;
};
BOOST_DESCRIBE_STRUCT(SaveFormRequest, (), (facts))

struct SaveFormAnswer {
    std::int64_t revision = 0;
    std::vector<FaultAnswer> faults;
};
BOOST_DESCRIBE_STRUCT(SaveFormAnswer, (), (revision, faults))

struct BeginSigningRequest {
    std::optional<bool> submit_by_itself;  // After the last signature; true unless said otherwise.
};
BOOST_DESCRIBE_STRUCT(BeginSigningRequest, (), (submit_by_itself))

struct WithdrawRequest {
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(WithdrawRequest, (), (reason))

struct PaperAnswer {
    std::string id, title, data_sm3, rendering_sm3;
};
BOOST_DESCRIBE_STRUCT(PaperAnswer, (), (id, title, data_sm3, rendering_sm3))

struct PaperList {
    std::vector<PaperAnswer> papers;
};
BOOST_DESCRIBE_STRUCT(PaperList, (), (papers))

struct EntityTypeAnswer {
    std::string id, name_zh, name_en;
    bool smart_approval = false;
};
BOOST_DESCRIBE_STRUCT(EntityTypeAnswer, (), (id, name_zh, name_en, smart_approval))

struct EntityTypeList {
    std::vector<EntityTypeAnswer> entity_types;
};
BOOST_DESCRIBE_STRUCT(EntityTypeList, (), (entity_types))

struct AddCoFounderRequest {
    std::string person;  // Person id, as GET /me shows it to the co-founder.
};
BOOST_DESCRIBE_STRUCT(AddCoFounderRequest, (), (person))

CaseAnswer ToAnswer(const Case& the_case);
std::vector<FaultAnswer> ToAnswers(const std::vector<Fault>& faults, const messages::Messages& messages, messages::Language language);

}  // namespace onewindow::application
