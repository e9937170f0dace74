#include "agencies/message.hpp"

#include <map>
#include <set>

namespace onewindow::agencies {
namespace {

const std::map<std::string, std::set<std::string, std::less<>>, std::less<>> kMatters = {
    {"social_insurance", {"human_resources/social_insurance"}},
    {"medical_insurance", {"medical_insurance/enrolment"}},
    {"housing_fund", {"housing_fund/account"}},
    {"seals", {"public_security/seals"}},
    {"tax", {"tax/new_taxpayer"}},
    {"bank", {"bank/appointment"}},
    {"post", {"post/delivery"}},
    {"registration", {"registration/publicity", "registration/licence_notice"}}};

/// A slot is booked and a parcel carried for whoever asks; all else is for a business that exists
/// (promise I09).
bool IsLicenceBound(std::string_view kind) { return kind != "bank" && kind != "post"; }

}  // namespace

std::string KeyOf(const MatterMessage& message) {
    return message.case_number + "/" + message.matter + "/" + std::to_string(message.version);
}

bool IsKind(std::string_view kind) { return kMatters.contains(kind); }

std::string_view CheckMessage(std::string_view kind, const MatterMessage& message) {
    if (message.schema != "onewindow.matter.v1") return "schema_unknown";
    if (!kMatters.find(kind)->second.contains(message.matter)) return "not_our_matter";
    if (message.version < 1 || message.case_number.empty() || message.delivery.empty())
        return "incomplete";
    const bool licensed = message.licence && !message.licence->empty();
    if (IsLicenceBound(kind) && !licensed) return "licence_missing";
    return {};
}

}  // namespace onewindow::agencies
