#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>

#include "kernel/clock/clock.hpp"
#include "kernel/result/result.hpp"

// Codes with check characters: reading, checking, making. Pure.
namespace onewindow::reference {

/// What is known about one code. `reason` is empty where `valid`, else a dotted code with a
/// sentence in both languages.
struct CodeReport {
    std::string kind;  // "uscc", "id", "regno", "bank", "seal", "cert", "case"
    std::string code;  // Trimmed, full-width forms folded; never changed in case.
    bool valid = false;
    std::string reason = {};
    std::map<std::string, std::string> parts =
        {};                         // Empty unless the code could be cut into its parts.
    const Reason* fault = nullptr;  // The same as `reason`, for Refuse(*report.fault, field).
};

/// Blanks at both ends removed, full-width letters, digits and blanks (U+FF01–FF5E, U+3000) folded
/// to ASCII.
std::string NormaliseCode(std::string_view text);

/// Unified social credit code, GB 32100-2015: 18 characters, the check of the body (GB 11714) and
/// the whole.
CodeReport CheckUscc(std::string_view text);
/// Citizen's number, GB 11643: 18 characters. Divisions that were abolished are accepted, so only
/// the province is compared; the birth date must exist and not lie after `today`.
CodeReport CheckId(std::string_view text, Date today);
/// Registration number of before 2015: 15 digits, MOD 11,10.
CodeReport CheckRegno(std::string_view text);
/// Bank of the payment system (CNAPS): 12 digits, MOD 11,10.
CodeReport CheckBank(std::string_view text);
/// Number on a seal: 13 digits, 6 division and 7 sequence (GA 241.1-2000). It has no check digit.
CodeReport CheckSeal(std::string_view text);
/// Identifier of an electronic certificate, GB/T 36904-2018: prefix, type, issuer, serial, version,
/// MOD 37,36.
CodeReport CheckCert(std::string_view text);
/// Case number 申报号: 6 division, 8 date, 6 sequence, MOD 11,10.
CodeReport CheckCaseNumber(std::string_view text);

/// By name of the kind, as the command line and the API spell it.
Result<CodeReport> CheckCode(std::string_view kind, std::string_view text, Date today);

/// {"code","kind","valid","reason","parts"}; `reason` is "" where valid.
boost::json::object ToJson(const CodeReport& report);

/// A code from its parts; refused where a part has a wrong length or character.
/// `department` is two characters ("91" company, "92" individual business, "93" cooperative).
struct UsccParts {
    std::string department, division, body;
};
Result<std::string> MakeUscc(const UsccParts& parts);

struct CertParts {
    std::string
        type;  // 21: the definer's USCC and 3 digits; kLicenceCertType for the business licence.
    std::string issuer;  // The issuer's USCC.
    std::string serial;  // 1–64 capital letters and digits.
    int version = 1;     // 1–999
};
inline constexpr std::string_view kLicenceCertType = "11100000MB0143028R001";
Result<std::string> MakeCertId(const CertParts& parts);

struct CaseNumberParts {
    std::string division;
    Date date;
    int sequence = 0;  // 0–999999
};
Result<std::string> MakeCaseNumber(const CaseNumberParts& parts);

/// `sequence` 1–9999999.
Result<std::string> MakeSealNumber(std::string_view division, int sequence);

/// ISO 7064 MOD 11,10 over digits (GB/T 17710).
char CheckDigitMod11(std::string_view digits);
/// ISO 7064 MOD 37,36 over digits and capital letters.
char CheckCharacterMod37(std::string_view characters);

}  // namespace onewindow::reference
