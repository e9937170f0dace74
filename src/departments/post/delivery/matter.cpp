#include <algorithm>

#include "application/sections.hpp"
#include "departments/post/delivery/reasons.hpp"
#include "exchange/matter.hpp"
#include "kernel/json/described.hpp"

namespace onewindow::departments::post::delivery {
namespace {

using exchange::Applicability;
using exchange::MatterInput;
using exchange::MatterResult;

struct DeliveryResult {
    std::string tracking_number;
    Instant accepted_at;
};
BOOST_DESCRIBE_STRUCT(DeliveryResult, (), (tracking_number, accepted_at))

bool IsPosted(const json::object& facts) {
    return json::TextAt(facts, "delivery.collect") == "post" || json::TextAt(facts, "delivery.seals") == "post";
}

/// The section belongs to every application; this matter only minds that somebody can take the parcel.
void Check(const application::Context&, const json::object& facts, std::vector<Fault>& faults) {
    if (!IsPosted(facts)) return;
    const json::value* receiver = application::FindPerson(facts, json::TextAt(facts, "delivery.receiver"));
    if (receiver == nullptr || json::TextAt(*receiver, "mobile").empty()) {
        faults.push_back({&reasons::kReceiver, "delivery.receiver", {}});
    }
}

json::object BuildFacts(const MatterInput& input) {
    const json::object& facts = input.view.facts;
    const bool kit = json::TextAt(facts, "delivery.collect") == "post";
    json::object out{{"contents", kit ? "kit" : "seals"},
                     {"to_address", json::TextAt(facts, "delivery.post_address")}};
    const reference::Hall* hall = input.context.reference.HallOf(input.view.the_case.authority);
    if (hall != nullptr) {
        out["from"] = json::object{{"hall", hall->id}, {"name", hall->name}, {"address", hall->address},
                                   {"phone", hall->phone}};
    }
    return out;
}

json::array BuildPeople(const MatterInput& input) {
    const json::object& facts = input.view.facts;
    const json::value* receiver = application::FindPerson(facts, json::TextAt(facts, "delivery.receiver"));
    json::array people;
    if (receiver != nullptr) {
        people.push_back(json::object{{"name", json::TextAt(*receiver, "name")},
                                      {"mobile", json::TextAt(*receiver, "mobile")}});
    }
    return people;
}

bool IsTrackingNumber(std::string_view text) {
    const auto plain = [](char character) {
        return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z');
    };
    return text.size() >= 6 && text.size() <= 40 && std::all_of(text.begin(), text.end(), plain);
}

Result<MatterResult> ReadResult(const MatterInput&, const json::object& result) {
    OW_TRY(const DeliveryResult read, json::Read<DeliveryResult>(result));
    if (!IsTrackingNumber(read.tracking_number)) return Refuse(reasons::kTracking, "tracking_number");
    return MatterResult{.number = read.tracking_number,
                        .shown = {{"accepted_at", FormatInstant(read.accepted_at)}},
                        .items = {{.kind = "parcel", .number = read.tracking_number}}};
}

}  // namespace

exchange::Matter MakeMatter() {
    return {
        .id = "post/delivery",
        .agency = "post",
        .stage = 0,
        .starts_after = {"kit"},
        .limit = "",
        .licence_fields = {},
        .fact_paths = {"delivery.collect", "delivery.seals", "delivery.post_address", "delivery.receiver",
                       "people.key", "people.name", "people.mobile"},
        .form = {.id = "post/delivery", .sections = {}, .applies = {}, .derive = {}, .check = Check},
        .applies =
            [](const MatterInput& input) {
                return IsPosted(input.view.facts) ? Applicability::kRequired : Applicability::kNotApplicable;
            },
        .build_facts = BuildFacts,
        .build_people = BuildPeople,
        .read_result = ReadResult,
        .reason_codes = {{"address_not_served", "邮政法 26"}, {"receiver_unreachable", "快递暂行条例 25"}},
    };
}

}  // namespace onewindow::departments::post::delivery
