#include "naming/check_structure.hpp"

#include <array>

#include "kernel/text/text.hpp"
#include "naming/reasons.hpp"

namespace onewindow::naming {
namespace {

constexpr std::size_t kCharactersMax = 100;

using Arguments = std::map<std::string, std::string>;

class Checker {
 public:
    Checker(const NameParts& parts, const StructureRequest& request, const NameTables& tables,
            const RegionNames& regions)
        : parts_(parts), request_(request), tables_(tables), regions_(regions) {}

    std::vector<Finding> Check() {
        if (parts_.name.empty()) {
            Add(reasons::kEmpty);
            return std::move(findings_);
        }
        if (text::Length(parts_.name) > kCharactersMax) {
            Add(reasons::kTooLong, Level::kBlock, {{"max", std::to_string(kCharactersMax)}});
            return std::move(findings_);
        }
        CheckCharacters();
        CheckBrackets();
        // A branch's name repeats its parent's, which was examined when the parent was registered.
        const bool is_branch = request_.kind == OrgKind::kBranch;
        if (!is_branch) {
            CheckRegion();
            CheckCore();
            CheckIndustry();
            if (parts_.has_group) Add(reasons::kGroup);
            CheckForm();
        }
        CheckBranch(is_branch);
        return std::move(findings_);
    }

 private:
    void Add(const Reason& reason, Level level = Level::kBlock, Arguments arguments = {}) {
        findings_.push_back(
            {Fault{&reason, "name", std::move(arguments)}, level, std::string(reason.citation)});
    }

    /// 规定 art. 5. Other scripts of ethnic-autonomous areas are not used in this province.
    void CheckCharacters() {
        std::u32string foreign, other;
        for (const char32_t c : text::ToCodePoints(parts_.name)) {
            if (c == U'（' || c == U'）' || c == U'·' || tables_.characters.contains(c)) continue;
            const bool ascii =
                (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
            auto& list = ascii ? foreign : other;
            if (list.find(c) == std::u32string::npos) list += c;
        }
        if (!foreign.empty()) Add(reasons::kLetterOrDigit, Level::kBlock, Characters(foreign));
        if (!other.empty()) Add(reasons::kNotStandardCharacter, Level::kBlock, Characters(other));
    }

    static Arguments Characters(const std::u32string& list) {
        return {{"characters", text::FromCodePoints(list)}};
    }

    void CheckBrackets() {
        for (const std::string& content : parts_.other_brackets) {
            if (content == "中国") {
                Add(reasons::kChinaInBrackets);
            } else {
                Add(reasons::kBrackets, Level::kBlock, {{"text", content}});
            }
        }
        const std::u32string name = text::ToCodePoints(parts_.name);
        int depth = 0;
        bool paired = true;
        for (const char32_t c : name) {
            if (c == U'（' && ++depth > 1) paired = false;
            if (c == U'）' && --depth < 0) paired = false;
        }
        if (!paired || depth != 0) Add(reasons::kBrackets, Level::kBlock, {{"text", parts_.name}});
    }

    void CheckRegion() {
        if (parts_.elements.empty()) {
            return parts_.zone.empty()
                       ? Add(reasons::kRegionMissing)
                       : Add(reasons::kZoneAlone, Level::kBlock, {{"zone", parts_.zone}});
        }
        if (!request_.seat.empty() && !IsAtSeat()) {
            Add(reasons::kRegionElsewhere, Level::kBlock, {{"region", parts_.region}});
        }
        const auto& last = parts_.elements.back();
        const bool district = last.text.ends_with("区") && !last.text.ends_with("自治区") &&
                              std::none_of(last.codes.begin(), last.codes.end(),
                                           [](const auto& code) { return code.ends_with("00"); });
        if (district && !FollowsItsCity()) {
            Add(reasons::kDistrictAlone, Level::kBlock, {{"district", last.text}});
        }
    }

    bool IsAtSeat() const {
        const std::string code = RegionCodeOf(parts_, request_.seat);
        if (code.ends_with("0000")) return request_.seat.starts_with(code.substr(0, 2));
        if (code.ends_with("00")) return request_.seat.starts_with(code.substr(0, 4));
        return code == request_.seat;
    }

    bool FollowsItsCity() const {
        if (parts_.elements.size() < 2) return false;
        const auto& outer = parts_.elements[parts_.elements.size() - 2].codes;
        return std::any_of(outer.begin(), outer.end(), [](const std::string& code) {
            const auto province = std::string_view(code).substr(0, 2);
            const bool municipality =
                province == "11" || province == "12" || province == "31" || province == "50";
            return municipality || !code.ends_with("0000");
        });
    }

    void CheckCore() {
        const std::string& core = parts_.core;
        if (core.empty()) return Add(reasons::kCoreMissing);
        if (text::Length(core) < 2) Add(reasons::kCoreTooShort, Level::kBlock, {{"core", core}});
        if (IsDivision("") || IsDivision("省") || IsDivision("市")) {
            Add(reasons::kCoreIsRegion, Level::kBlock, {{"core", core}});
        } else if (IsDivision("区") || IsDivision("县")) {
            // 天桥, 高唐: the short name may well mean something else; the law asks for judgement.
            Add(reasons::kCoreMayBeRegion, Level::kReview, {{"core", core}});
        }
        const bool is_form = tables_.forms.contains(text::ToCodePoints(core));
        if (is_form || IsIndustryWording(core, tables_)) {
            Add(reasons::kCoreIsIndustry, Level::kBlock, {{"core", core}});
        }
        if (parts_.is_core_disputed) Add(reasons::kCoreDisputed, Level::kReview, {{"core", core}});
    }

    bool IsDivision(std::string_view suffix) const {
        return !regions_.FindCodes(parts_.core + std::string(suffix)).empty();
    }

    void CheckIndustry() {
        if (parts_.industry.empty() && parts_.classes.empty()) {
            // 个体工商户 follow by analogy only (规定 art. 25), so a person looks.
            const bool individual = request_.kind == OrgKind::kIndividual;
            return Add(reasons::kIndustryMissing, individual ? Level::kReview : Level::kBlock);
        }
        if (!parts_.industry.empty() && !IsKnownIndustry()) {
            Add(reasons::kIndustryUnknown, Level::kReview, {{"industry", parts_.industry}});
        }
    }

    bool IsKnownIndustry() const {
        const bool single = tables_.industry_words.contains(text::ToCodePoints(parts_.industry));
        return single || IsIndustryWording(parts_.industry, tables_);
    }

    bool FormFits() const {
        const FormKind kind = parts_.form_kind;
        const std::string& variant = parts_.variant;
        const bool company = variant.empty() && (kind == FormKind::kLimitedCompany ||
                                                 kind == FormKind::kJointStockCompany);
        const bool partners =
            kind == FormKind::kPartnership || kind == FormKind::kFirm || kind == FormKind::kTrade;
        switch (request_.kind) {
            case OrgKind::kCompany:
                return company;
            case OrgKind::kLimitedCompany:
                return company && kind == FormKind::kLimitedCompany;
            case OrgKind::kJointStockCompany:
                return company && kind == FormKind::kJointStockCompany;
            case OrgKind::kPartnership:
                return partners && variant.ends_with("合伙）");
            case OrgKind::kGeneralPartnership:
                return partners && variant == "（普通合伙）";
            case OrgKind::kSpecialPartnership:
                return partners && variant == "（特殊普通合伙）";
            case OrgKind::kLimitedPartnership:
                return partners && variant == "（有限合伙）";
            case OrgKind::kSoleProprietorship:
                return (kind == FormKind::kTrade || kind == FormKind::kFirm) &&
                       (variant.empty() || variant == "（个人独资）");
            case OrgKind::kCooperative:
                return kind == FormKind::kCooperative && variant.empty();
            case OrgKind::kIndividual:
                return kind == FormKind::kTrade && variant.empty();
            case OrgKind::kBranch:
                return true;
        }
        return false;
    }

    void CheckForm() {
        if (request_.kind == OrgKind::kIndividual) {
            for (const std::string_view word : {"企业", "公司", "合作社"}) {
                if (parts_.name.find(word) == std::string::npos) continue;
                return Add(reasons::kIndividualWord, Level::kBlock, {{"word", std::string(word)}});
            }
        }
        if (parts_.form.empty()) return Add(reasons::kFormMissing);
        if (!FormFits()) Add(reasons::kFormMismatch, Level::kBlock, {{"form", parts_.form}});
    }

    void CheckBranch(bool is_branch) {
        if (!is_branch) {
            if (!parts_.branch_suffix.empty()) Add(reasons::kNotABranch);
            return;
        }
        if (parts_.branch_suffix.empty()) Add(reasons::kBranchSuffix);
        const std::string parent = NormaliseName(request_.parent_name);
        const bool starts = parent.empty()
                                ? !parts_.parent.empty()
                                : parts_.name.starts_with(parent) && parts_.name != parent;
        if (starts) return;
        const std::string shown = parent.empty() ? "××有限公司" : parent;
        Add(reasons::kBranchParent, Level::kBlock, {{"parent", shown}});
    }

    const NameParts& parts_;
    const StructureRequest& request_;
    const NameTables& tables_;
    const RegionNames& regions_;
    std::vector<Finding> findings_;
};

/// Where a word was found: in 字号 and industry joined, `core_size` characters of 字号.
struct Hit {
    std::size_t at, size, core_size;
    bool crosses() const { return at < core_size && at + size > core_size; }
    bool in_core() const { return at + size <= core_size; }
};

bool IsExcepted(std::u32string_view body, const Hit& hit, const RuleGroup& group) {
    for (const auto& [word, longer] : group.exceptions) {
        if (!word.empty() && body.substr(hit.at, hit.size) != word) continue;
        const std::size_t back = std::min(hit.at, longer.size());
        for (std::size_t at = hit.at - back; at <= hit.at; ++at) {
            if (at + longer.size() < hit.at + hit.size) continue;
            if (body.substr(at).starts_with(longer)) return true;
        }
    }
    return false;
}

/// Whether the group speaks about a word at this place; the level it then has.
std::optional<Level> LevelOf(const RuleGroup& group, const Hit& hit, bool name_starts_here) {
    const bool whole_core = hit.at == 0 && hit.size == hit.core_size;
    const Level own = group.weight == RuleGroup::Weight::kReview ? Level::kReview : Level::kBlock;
    switch (group.place) {
        case WordPlace::kPrefix:
            if (hit.at != 0 || !name_starts_here) return std::nullopt;
            return own;
        case WordPlace::kInside:
            if (hit.at == 0 && name_starts_here) return std::nullopt;
            return own;
        case WordPlace::kCore:
            if (!hit.in_core()) return std::nullopt;
            return own;
        case WordPlace::kBeforeCore:
            if (hit.at != 0) return std::nullopt;
            return own;
        case WordPlace::kCountry:
            // Inside a longer 字号 it may have another meaning: for a person.
            if (hit.crosses()) return std::nullopt;
            return whole_core || hit.at == 0 ? own : Level::kReview;
        case WordPlace::kAnywhere:
            // Half 字号, half industry: made by the seam, so a person looks.
            return hit.crosses() ? Level::kReview : own;
    }
    return std::nullopt;
}

}  // namespace

std::optional<OrgKind> ParseOrgKind(std::string_view id) {
    static constexpr std::array<std::pair<std::string_view, OrgKind>, 11> kKinds{{
        {"company", OrgKind::kCompany},
        {"limited_company", OrgKind::kLimitedCompany},
        {"joint_stock_company", OrgKind::kJointStockCompany},
        {"partnership", OrgKind::kPartnership},
        {"general_partnership", OrgKind::kGeneralPartnership},
        {"special_partnership", OrgKind::kSpecialPartnership},
        {"limited_partnership", OrgKind::kLimitedPartnership},
        {"sole_proprietorship", OrgKind::kSoleProprietorship},
        {"cooperative", OrgKind::kCooperative},
        {"individual", OrgKind::kIndividual},
        {"branch", OrgKind::kBranch},
    }};
    for (const auto& [name, kind] : kKinds) {
        if (name == id) return kind;
    }
    return std::nullopt;
}

std::vector<Finding> CheckWords(const NameParts& parts, const StructureRequest& request,
                                const NameTables& tables) {
    std::vector<Finding> findings;
    if (!parts.parent.empty()) return findings;  // Examined with the parent.
    const std::u32string core = text::ToCodePoints(parts.core);
    // The form's own words (合作社, 药房) are fixed by law; the region is not the applicant's
    // choice.
    const std::u32string body = core + text::ToCodePoints(parts.industry);
    bool any = false;
    for (std::size_t at = 0; at < body.size() && !any; ++at) {
        tables.rule_trie.EachAt(std::u32string_view(body).substr(at),
                                [&](std::size_t, std::int32_t) { any = true; });
    }
    if (!any) return findings;
    const std::string today = FormatDate(request.today);
    const bool starts_here = parts.region.empty() || parts.region_in_brackets;
    for (const RuleGroup& group : tables.rule_groups) {
        if (today < group.from || (!group.until.empty() && today >= group.until)) continue;
        const bool approved =
            group.weight == RuleGroup::Weight::kApproval && request.approvals.contains(group.id);
        if (approved) continue;
        for (const std::u32string& word : group.words) {
            for (auto at = body.find(word); at != std::u32string::npos;
                 at = body.find(word, at + 1)) {
                const Hit hit{at, word.size(), core.size()};
                const auto level = LevelOf(group, hit, starts_here);
                if (!level || IsExcepted(body, hit, group)) continue;
                const Reason& reason = *level == Level::kReview ? reasons::kWordReview
                                       : group.weight == RuleGroup::Weight::kApproval
                                           ? reasons::kWordNeedsApproval
                                           : reasons::kWordForbidden;
                findings.push_back(
                    {Fault{&reason,
                           "name",
                           {{"word", text::FromCodePoints(word)}, {"group", group.id}}},
                     *level, group.citation});
                break;  // Once per word.
            }
        }
    }
    return findings;
}

std::vector<Finding> CheckStructure(const NameParts& parts, const StructureRequest& request,
                                    const NameTables& tables, const RegionNames& regions) {
    auto findings = Checker(parts, request, tables, regions).Check();
    auto words = CheckWords(parts, request, tables);
    findings.insert(findings.end(), std::make_move_iterator(words.begin()),
                    std::make_move_iterator(words.end()));
    return findings;
}

bool Blocks(const std::vector<Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.level == Level::kBlock; });
}

}  // namespace onewindow::naming
