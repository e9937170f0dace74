#include "reference/codes/codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::string_view kAlphabet36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kCertPrefix = "1.2.156.3005.2.";

bool AllOf(std::string_view text, std::string_view alphabet) {
    return text.find_first_not_of(alphabet) == std::string_view::npos;
}

bool HasLowerCase(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// The first two digits of a GB/T 2260 code, abolished divisions included: provinces have not
/// changed since 1997.
bool IsProvince(std::string_view code) {
    static constexpr std::array<std::string_view, 35> kProvinces{
        "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34",
        "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52",
        "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83"};
    return std::find(kProvinces.begin(), kProvinces.end(), code.substr(0, 2)) != kProvinces.end();
}

std::string_view DepartmentName(char department) {
    static constexpr std::pair<char, std::string_view> kNames[] = {
        {'1', "机构编制"}, {'2', "外交"},
        {'3', "司法行政"}, {'4', "文化"},
        {'5', "民政"},     {'6', "旅游"},
        {'7', "宗教"},     {'8', "工会"},
        {'9', "工商"},     {'A', "中央军委改革和编制办公室"},
        {'N', "农业"},     {'Y', "其他"}};
    for (const auto& [letter, name] : kNames) {
        if (letter == department) return name;
    }
    return {};
}

std::string_view CategoryName(std::string_view department) {
    static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
        {"11", "机关"},
        {"12", "事业单位"},
        {"13", "编办直接管理机构编制的群众团体"},
        {"31", "律师执业机构"},
        {"32", "公证处"},
        {"33", "基层法律服务所"},
        {"34", "司法鉴定机构"},
        {"35", "仲裁委员会"},
        {"51", "社会团体"},
        {"52", "民办非企业单位"},
        {"53", "基金会"},
        {"71", "宗教活动场所"},
        {"72", "宗教院校"},
        {"81", "基层工会"},
        {"91", "企业"},
        {"92", "个体工商户"},
        {"93", "农民专业合作社"},
        {"N1", "组级集体经济组织"},
        {"N2", "村级集体经济组织"},
        {"N3", "乡镇级集体经济组织"}};
    for (const auto& [code, name] : kNames) {
        if (code == department) return name;
    }
    return "其他";
}

/// GB 11714: the ninth character over the eight of the body.
char BodyCheck(std::string_view body) {
    constexpr std::array<int, 8> kWeights{3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        sum += static_cast<int>(kAlphabet36.find(body[i])) * kWeights[i];
    }
    const int check = 11 - sum % 11;
    if (check == 10) return 'X';
    return check == 11 ? '0' : static_cast<char>('0' + check);
}

char UsccCheck(std::string_view first_17) {
    int sum = 0, weight = 1;
    for (const char c : first_17) {
        sum += static_cast<int>(kUsccAlphabet.find(c)) * weight;
        weight = weight * 3 % 31;
    }
    return kUsccAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

char IdCheck(std::string_view first_17) {
    constexpr std::array<int, 17> kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    constexpr std::string_view kChecks = "10X98765432";
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (first_17[i] - '0') * kWeights[i];
    return kChecks[static_cast<std::size_t>(sum % 11)];
}

/// "19491231"; nothing where there is no such day or it is before any living person's birth.
std::optional<Date> CompactDate(std::string_view digits) {
    const std::string text(digits);
    const auto date = ParseDate(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6));
    if (!date || date->year() < std::chrono::year{1800}) return std::nullopt;
    return *date;
}

CodeReport Bad(CodeReport report, const Reason& reason) {
    report.valid = false;
    report.reason = reason.code;
    report.fault = &reason;
    return report;
}

CodeReport Good(CodeReport report) {
    report.valid = true;
    return report;
}

struct Shape {
    std::string_view kind;
    std::size_t length;  // 0: any.
    std::string_view alphabet;
};

/// What all kinds share, in this order: empty, lower case (where letters belong), length,
/// characters.
CodeReport Begin(const Shape& shape, std::string_view text) {
    CodeReport report{.kind = std::string(shape.kind), .code = NormaliseCode(text)};
    if (report.code.empty()) return Bad(report, reasons::kCodeEmpty);
    if (shape.alphabet != kDigits && HasLowerCase(report.code)) {
        return Bad(report, reasons::kCodeLowerCase);
    }
    // A stray character is the better answer than a length in bytes that nobody can see.
    const bool readable = AllOf(report.code, shape.alphabet);
    if (!readable && report.code.size() >= shape.length) {
        return Bad(report, reasons::kCodeCharacter);
    }
    if (shape.length != 0 && report.code.size() != shape.length) {
        return Bad(report, reasons::kCodeLength);
    }
    return report;
}

void Cut(CodeReport& report,
         std::initializer_list<std::pair<std::string_view, std::size_t>> pieces) {
    std::size_t at = 0;
    for (const auto& [name, length] : pieces) {
        report.parts[std::string(name)] = report.code.substr(at, length);
        at += length;
    }
}

std::vector<std::string_view> SplitAtDots(std::string_view text) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto dot = text.find('.');
        parts.push_back(text.substr(0, dot));
        if (dot == std::string_view::npos) return parts;
        text.remove_prefix(dot + 1);
    }
}

/// Length of the UTF-8 blank or full-width form at the front of `text`, 0 if it is neither.
std::size_t FoldFullWidth(std::string_view text, char& folded) {
    if (text.size() < 3) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) == 0xE3 && byte(1) == 0x80 && byte(2) == 0x80) {
        folded = ' ';
        return 3;
    }
    if (byte(0) != 0xEF || (byte(1) != 0xBC && byte(1) != 0xBD)) return 0;
    const unsigned code =
        0xF000u | (static_cast<unsigned>(byte(1) & 0x3F) << 6) | (byte(2) & 0x3Fu);
    if (code < 0xFF01 || code > 0xFF5E) return 0;
    folded = static_cast<char>(code - 0xFF01 + '!');
    return 3;
}

}  // namespace

std::string NormaliseCode(std::string_view text) {
    std::string folded;
    while (!text.empty()) {
        char ascii = text.front();
        const std::size_t length = std::max<std::size_t>(FoldFullWidth(text, ascii), 1);
        folded += ascii;
        text.remove_prefix(length);
    }
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    const auto first = folded.find_first_not_of(kBlanks);
    if (first == std::string::npos) return {};
    return folded.substr(first, folded.find_last_not_of(kBlanks) - first + 1);
}

char CheckDigitMod11(std::string_view digits) {
    int product = 10;
    for (const char digit : digits) {
        int sum = (product + (digit - '0')) % 10;
        if (sum == 0) sum = 10;
        product = sum * 2 % 11;
    }
    return static_cast<char>('0' + (11 - product) % 10);
}

char CheckCharacterMod37(std::string_view characters) {
    std::size_t product = 36;
    for (const char character : characters) {
        std::size_t sum = (product + kAlphabet36.find(character)) % 36;
        if (sum == 0) sum = 36;
        product = sum * 2 % 37;
    }
    return kAlphabet36[(37 - product) % 36];
}

CodeReport CheckUscc(std::string_view text) {
    CodeReport report = Begin({"uscc", 18, kUsccAlphabet}, text);
    if (report.fault) return report;
    const std::string& code = report.code;
    Cut(report, {{"department", 2}, {"division", 6}, {"body", 8}, {"body_check", 1}, {"check", 1}});
    const std::string_view department = DepartmentName(code[0]);
    if (department.empty()) return Bad(report, reasons::kUsccDepartment);
    report.parts["department_name"] = department;
    report.parts["category_name"] = CategoryName(report.parts["department"]);
    if (!AllOf(report.parts["division"], kDigits)) return Bad(report, reasons::kUsccDivision);
    if (BodyCheck(code.substr(8, 8)) != code[16]) return Bad(report, reasons::kUsccBodyCheck);
    if (UsccCheck(code.substr(0, 17)) != code[17]) return Bad(report, reasons::kUsccCheck);
    return Good(report);
}

CodeReport CheckId(std::string_view text, Date today) {
    CodeReport report = Begin({"id", 18, "0123456789X"}, text);
    if (report.code.size() == 15 && AllOf(report.code, kDigits)) {
        return Bad(report, reasons::kIdFifteenDigits);
    }
    if (report.fault) return report;
    const std::string& code = report.code;
    if (!AllOf(code.substr(0, 17), kDigits)) return Bad(report, reasons::kCodeCharacter);
    Cut(report, {{"division", 6}, {"birth", 8}, {"sequence", 3}, {"check", 1}});
    report.parts["sex"] = (code[16] - '0') % 2 == 1 ? "male" : "female";
    if (!IsProvince(code)) return Bad(report, reasons::kIdDivision);
    const auto birth = CompactDate(report.parts["birth"]);
    if (!birth) return Bad(report, reasons::kIdBirthDate);
    report.parts["birth"] = FormatDate(*birth);
    if (*birth > today) return Bad(report, reasons::kIdBirthInFuture);
    if (IdCheck(code.substr(0, 17)) != code[17]) return Bad(report, reasons::kIdCheck);
    return Good(report);
}

CodeReport CheckRegno(std::string_view text) {
    CodeReport report = Begin({"regno", 15, kDigits}, text);
    if (report.fault) return report;
    Cut(report, {{"division", 6}, {"sequence", 8}, {"check", 1}});
    if (CheckDigitMod11(std::string_view(report.code).substr(0, 14)) != report.code[14]) {
        return Bad(report, reasons::kRegnoCheck);
    }
    return Good(report);
}

CodeReport CheckBank(std::string_view text) {
    CodeReport report = Begin({"bank", 12, kDigits}, text);
    if (report.fault) return report;
    Cut(report, {{"bank", 3}, {"area", 4}, {"branch", 4}, {"check", 1}});
    if (CheckDigitMod11(std::string_view(report.code).substr(0, 11)) != report.code[11]) {
        return Bad(report, reasons::kBankCheck);
    }
    return Good(report);
}

CodeReport CheckSeal(std::string_view text) {
    CodeReport report = Begin({"seal", 13, kDigits}, text);
    if (report.fault) return report;
    Cut(report, {{"division", 6}, {"sequence", 7}});
    if (!IsProvince(report.code)) return Bad(report, reasons::kSealDivision);
    if (report.parts["sequence"] == "0000000") return Bad(report, reasons::kSealSequence);
    return Good(report);
}

CodeReport CheckCert(std::string_view text) {
    CodeReport report = Begin({"cert", 0, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ."}, text);
    if (report.fault) return report;
    std::string_view rest = report.code;
    if (!rest.starts_with(kCertPrefix)) return Bad(report, reasons::kCertPrefix);
    rest.remove_prefix(kCertPrefix.size());
    const auto parts = SplitAtDots(rest);
    if (parts.size() != 5) return Bad(report, reasons::kCertParts);
    constexpr std::array<std::string_view, 5> kNames{"type", "issuer", "serial", "version",
                                                     "check"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        report.parts[std::string(kNames[i])] = parts[i];
    }
    // Issuers are USCCs by the standard; identifiers in use also carry a division of six digits.
    const bool issuer = parts[1].size() == 18 || (parts[1].size() == 6 && AllOf(parts[1], kDigits));
    const bool type = parts[0].size() == 21 && AllOf(parts[0].substr(18), kDigits);
    const bool serial = !parts[2].empty() && parts[2].size() <= 64;
    if (!type || !issuer || !serial || parts[4].size() != 1) {
        return Bad(report, reasons::kCertParts);
    }
    if (parts[3].size() != 3 || !AllOf(parts[3], kDigits) || parts[3] == "000") {
        return Bad(report, reasons::kCertVersion);
    }
    const std::string joined = fmt::format("{}{}{}{}", parts[0], parts[1], parts[2], parts[3]);
    if (CheckCharacterMod37(joined) != parts[4][0]) return Bad(report, reasons::kCertCheck);
    return Good(report);
}

CodeReport CheckCaseNumber(std::string_view text) {
    CodeReport report = Begin({"case", 21, kDigits}, text);
    if (report.fault) return report;
    Cut(report, {{"division", 6}, {"date", 8}, {"sequence", 6}, {"check", 1}});
    const auto date = CompactDate(report.parts["date"]);
    if (!date) return Bad(report, reasons::kCaseDate);
    report.parts["date"] = FormatDate(*date);
    if (CheckDigitMod11(std::string_view(report.code).substr(0, 20)) != report.code[20]) {
        return Bad(report, reasons::kCaseCheck);
    }
    return Good(report);
}

Result<CodeReport> CheckCode(std::string_view kind, std::string_view text, Date today) {
    if (kind == "uscc") return CheckUscc(text);
    if (kind == "id") return CheckId(text, today);
    if (kind == "regno") return CheckRegno(text);
    if (kind == "bank") return CheckBank(text);
    if (kind == "seal") return CheckSeal(text);
    if (kind == "cert") return CheckCert(text);
    if (kind == "case") return CheckCaseNumber(text);
    return Refuse(reasons::kCodeKind, "kind", {{"kind", std::string(kind)}});
}

boost::json::object ToJson(const CodeReport& report) {
    boost::json::object parts;
    for (const auto& [name, part] : report.parts) parts[name] = part;
    return {{"code", report.code},
            {"kind", report.kind},
            {"valid", report.valid},
            {"reason", report.reason},
            {"parts", std::move(parts)}};
}

Result<std::string> MakeUscc(const UsccParts& parts) {
    if (parts.department.size() != 2 || DepartmentName(parts.department[0]).empty() ||
        !AllOf(parts.department, kUsccAlphabet)) {
        return Refuse(reasons::kUsccDepartment, "department");
    }
    if (parts.division.size() != 6 || !AllOf(parts.division, kDigits)) {
        return Refuse(reasons::kUsccDivision, "division");
    }
    if (parts.body.size() != 8) return Refuse(reasons::kCodeLength, "body");
    if (!AllOf(parts.body, kUsccAlphabet)) return Refuse(reasons::kCodeCharacter, "body");
    std::string code = parts.department + parts.division + parts.body;
    code += BodyCheck(parts.body);
    code += UsccCheck(code);
    return code;
}

Result<std::string> MakeCertId(const CertParts& parts) {
    if (parts.version < 1 || parts.version > 999) return Refuse(reasons::kCertVersion, "version");
    const std::string version = fmt::format("{:03}", parts.version);
    const std::string joined = parts.type + parts.issuer + parts.serial + version;
    if (!AllOf(joined, kAlphabet36)) return Refuse(reasons::kCertParts);
    std::string code = fmt::format("{}{}.{}.{}.{}.{}", kCertPrefix, parts.type, parts.issuer,
                                   parts.serial, version, CheckCharacterMod37(joined));
    const CodeReport report = CheckCert(code);
    if (!report.valid) return Refuse(*report.fault);
    return code;
}

Result<std::string> MakeCaseNumber(const CaseNumberParts& parts) {
    if (parts.division.size() != 6 || !AllOf(parts.division, kDigits)) {
        return Refuse(reasons::kDivisionUnknown, "division", {{"division", parts.division}});
    }
    if (parts.sequence < 0 || parts.sequence > 999'999) {
        return Refuse(reasons::kCodeLength, "sequence");
    }
    std::string code =
        fmt::format("{}{}{:06}", parts.division, FormatDateCompact(parts.date), parts.sequence);
    code += CheckDigitMod11(code);
    return code;
}

Result<std::string> MakeSealNumber(std::string_view division, int sequence) {
    if (sequence < 1 || sequence > 9'999'999) return Refuse(reasons::kSealSequence, "sequence");
    std::string code = fmt::format("{}{:07}", division, sequence);
    const CodeReport report = CheckSeal(code);
    if (!report.valid) return Refuse(*report.fault, "division");
    return code;
}

}  // namespace onewindow::reference
