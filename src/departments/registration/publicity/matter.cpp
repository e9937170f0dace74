#include "departments/registration/publicity/reasons.hpp"
#include "exchange/matter.hpp"
#include "kernel/json/described.hpp"

namespace onewindow::departments::registration::publicity {
namespace {

using exchange::Applicability;
using exchange::MatterInput;
using exchange::MatterResult;

struct PublicityResult {
    std::string receipt;
};
BOOST_DESCRIBE_STRUCT(PublicityResult, (), (receipt))

Result<MatterResult> ReadResult(const MatterInput&, const json::object& result) {
    OW_TRY(const PublicityResult read, json::Read<PublicityResult>(result));
    if (read.receipt.empty() || read.receipt.size() > 64) return Refuse(reasons::kReceipt, "receipt");
    return MatterResult{.number = read.receipt, .shown = {}, .items = {}};
}

}  // namespace

exchange::Matter MakeMatter() {
    return {
        .id = "registration/publicity",
        .agency = "registration",
        .stage = 0,
        .starts_after = {"licence"},
        .limit = "registration/publicity",
        // What the licence shows is public (企业信息公示暂行条例 6); nothing of the form goes with it.
        .licence_fields = {"uscc", "name", "type", "person", "capital", "address", "scope", "date", "certificate"},
        .fact_paths = {},
        .applies = [](const MatterInput&) { return Applicability::kRequired; },
        .build_facts =
            [](const MatterInput& input) {
                return json::object{{"registered_by", input.view.the_case.authority}};
            },
        .build_people = [](const MatterInput&) { return json::array{}; },
        .read_result = ReadResult,
        .reason_codes = {{"already_published", "企业信息公示暂行条例 6"}},
    };
}

}  // namespace onewindow::departments::registration::publicity
