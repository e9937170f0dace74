#include "agencies/results.hpp"

#include <fmt/format.h>

#include "kernel/clock/clock.hpp"
#include "kernel/crypto/crypto.hpp"

namespace onewindow::agencies {
namespace {

/// What a new taxpayer may invoice a month at first: figures of the demo, not rules. On paper 25
/// pieces of at most 1 万元.
constexpr std::int64_t kDigitalGrantFen = 750'000'000, kPaperGrantFen = 25'000'000;

std::int64_t CountOf(const json::value& message, std::string_view path) {
    const json::value* node = json::Find(message, path);
    return node != nullptr && node->is_array() ? static_cast<std::int64_t>(node->get_array().size())
                                               : 0;
}

std::string Division(const json::value& message) {
    return json::TextAt(message, "case_number").substr(0, 6);
}

/// Police allot the numbers, the maker engraves, uploads the imprints; the filing is confirmed
/// (domain.md J23).
std::vector<Reply> Seals(const json::value& message, std::int64_t sequence) {
    std::vector<std::string> kinds;
    if (const json::value* listed = json::Find(message, "facts.seals");
        listed != nullptr && listed->is_array()) {
        for (const json::value& seal : listed->get_array()) {
            kinds.push_back(seal.is_string() ? std::string(std::string_view(seal.get_string()))
                                             : json::TextAt(seal, "kind"));
        }
    }
    json::array numbers, imprints, both;
    std::int64_t index = 0;
    for (const std::string& kind : kinds) {
        const std::string number =
            fmt::format("{}{:07}", Division(message), (sequence * 10 + index++) % 9'999'999 + 1);
        const std::string imprint = crypto::Hex(crypto::Sm3("imprint of " + number));
        numbers.push_back(json::object{{"kind", kind}, {"number", number}});
        imprints.push_back(json::object{{"number", number}, {"imprint_sm3", imprint}});
        both.push_back(json::object{{"kind", kind}, {"number", number}, {"imprint_sm3", imprint}});
    }
    const std::string filing = fmt::format("ZA{}{:06}", Division(message), sequence);
    return {{"accepted", "numbers_allotted", {{"seals", numbers}}},
            {"accepted", "engraved", {}},
            {"accepted", "imprint_uploaded", {{"seals", imprints}}},
            {"accepted", "filed", {{"filing_number", filing}}},
            {"done",
             "",
             {{"maker", json::TextAt(message, "facts.maker")},
              {"seals", both},
              {"filing_number", filing}}}};
}

/// The slot that was booked; where none was to be had the bank gives one of its own.
json::object Appointment(const json::value& message, const std::string& number) {
    std::string day = json::TextAt(message, "facts.day"),
                slot = json::TextAt(message, "facts.slot");
    if (day.empty() || slot.empty()) {
        const auto sent = ParseInstant(json::TextAt(message, "sent_at"));
        if (sent) day = FormatDate(AddDays(DateOf(*sent), 1));
        slot = "09:00";
    }
    return {{"appointment_number", number},
            {"branch", json::TextAt(message, "facts.branch")},
            {"day", day},
            {"slot", slot}};
}

json::object Tax(const json::value& message, std::int64_t sequence) {
    const std::string mode = json::TextAt(message, "facts.invoice_mode", "digital");
    json::object result{{"taxpayer_number", json::TextAt(message, "licence.uscc")},
                        {"tax_types", json::array{"增值税", "城市维护建设税", "企业所得税",
                                                  "个人所得税（代扣）", "印花税"}},
                        {"invoice_mode", mode},
                        {"invoice_grant", mode == "digital" ? kDigitalGrantFen : kPaperGrantFen}};
    if (mode != "digital") result["device_serial"] = fmt::format("SK{:010}", sequence);
    return result;
}

}  // namespace

std::vector<Reply> RepliesTo(const json::value& message, std::int64_t sequence) {
    const std::string matter = json::TextAt(message, "matter");
    const auto numbered = [&](std::string_view prefix) {
        return fmt::format("{}{}{:07}", prefix, Division(message), sequence);
    };
    const std::int64_t employees = CountOf(message, "people");
    if (matter == "public_security/seals") return Seals(message, sequence);
    std::vector<Reply> replies = {{"accepted"}};
    json::object result;
    if (matter == "human_resources/social_insurance" || matter == "medical_insurance/enrolment") {
        result = {{"unit_number", numbered(matter[0] == 'h' ? "SB" : "YB")},
                  {"insured_people", employees}};
    } else if (matter == "housing_fund/account") {
        result = {{"unit_account", numbered("GJJ")}, {"people", employees}};
    } else if (matter == "tax/new_taxpayer") {
        result = Tax(message, sequence);
    } else if (matter == "bank/appointment") {
        result = Appointment(message, numbered("YY"));
    } else if (matter == "post/delivery") {
        result = {{"tracking_number", numbered("EMS")},
                  {"accepted_at", json::TextAt(message, "sent_at")}};
    } else {
        result = {{"receipt", numbered(matter == "registration/publicity" ? "GS" : "SGZ")}};
    }
    replies.push_back({"done", "", std::move(result)});
    if (matter == "bank/appointment") {
        // The account exists after the visit; 基本存款账户 numbers begin with J.
        replies.push_back(
            {"accepted",
             "account_opened",
             {{"account_number", fmt::format("6200{}{:09}", Division(message), sequence)},
              {"approval_number", fmt::format("J{}{:07}", Division(message), sequence)}}});
    }
    return replies;
}

}  // namespace onewindow::agencies
