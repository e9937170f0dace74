#include "demo/generate.hpp"

#include <array>

#include "kernel/random/random.hpp"
#include "kernel/text/text.hpp"
#include "reference/codes/codes.hpp"

namespace onewindow::demo {
namespace {

constexpr std::uint64_t kApplications = 100'000;  // Distinct under one seed.
constexpr std::uint64_t kPeopleOfOne = 16;        // Persons and employees of one application, at most.
constexpr std::int64_t kYuan = 100;
constexpr std::int64_t kTenThousandYuan = 1'000'000;

// Two strides that share no factor with the counts they walk around in, so that no index comes twice.
constexpr std::uint64_t kStride = 100'000'007;
constexpr std::uint64_t kBirthDays = 12'000;  // From 1968-01-01 to 2000-11: all of age.
constexpr std::uint64_t kSequences = 100;     // 900–999

/// A prime number of characters, so that any stride walks through all cores.
constexpr std::u32string_view kCoreCharacters =
    U"岚屿帆砚川禾穗霖沐辰曜昱晖朗澄湛泓沁润泽溪涧沛澜舟桥棠桐梓柏楠槿竹松柚橙荔茗芷蘅芸萱蔓青翎羽鸢雁鹿麒骏驰翼翔启拓恒毅诚信睿哲思源承远志博雅韵逸悦欣嘉祺瑞福康宁晟铭禧榆";
static_assert(kCoreCharacters.size() == 83);
constexpr std::u32string_view kSurnames = U"王李张刘陈杨赵孙周徐吴高马朱胡林郭何于曲宋韩冯董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
constexpr std::u32string_view kGiven = U"明华文军建国志伟海波晓丽静敏艳娟霞燕玲红芳英杰勇强磊洋超鹏涛斌辉宁欣怡雨桐子涵梓轩浩然思远佳琪雅婷晨曦一诺可心若兰亦凡知行云舒景嘉言允安";

struct Trade {
    std::string_view word;    // In the name, between 字号 and form.
    std::array<std::string_view, 4> items;
};
constexpr Trade kCompanyTrades[] = {
    {"信息技术", {"G0001", "G0007", "G0011", "G0009"}},   {"网络科技", {"G0001", "G0013", "G0014", "G0017"}},
    {"供应链管理", {"G0030", "G0162", "G0166", ""}},       {"商贸", {"G0078", "G0118", "G0155", "G0154"}},
    {"企业管理咨询", {"G0024", "G0022", "G0031", ""}},     {"广告", {"G0036", "G0037", "G0038", "G0049"}},
    {"建材", {"G0122", "G0123", "G0125", ""}},             {"机械设备", {"G0107", "G0180", "G0185", ""}},
    {"环保科技", {"G0255", "G0058", "G0017", ""}},         {"农业科技", {"G0021", "G0139", "G0017", ""}},
    {"电子商务", {"G0154", "G0157", "G0031", ""}},         {"家政服务", {"G0064", "G0189", "G0190", ""}},
    {"物流", {"G0162", "G0165", "P0048", ""}},             {"餐饮管理", {"G0170", "P0004", "G0152", ""}},
    {"装饰工程", {"P0041", "G0123", "G0048", ""}},         {"化妆品", {"G0088", "G0089", "G0154", ""}}};
constexpr Trade kShopTrades[] = {
    {"面馆", {"P0005", "G0169", "", ""}},      {"超市", {"G0076", "G0152", "P0011", ""}},   {"五金店", {"G0119", "G0091", "", ""}},
    {"服装店", {"G0083", "G0085", "", ""}},    {"汽车维修店", {"G0187", "G0188", "", ""}}, {"蔬菜店", {"G0145", "G0147", "", ""}},
    {"理发店", {"P0082", "G0089", "", ""}},    {"家具店", {"G0121", "G0181", "", ""}}};
constexpr Trade kFirmTrades[] = {{"企业管理咨询", {"G0024", "G0022", "G0031", ""}},
                                 {"广告设计", {"G0036", "G0049", "G0051", ""}},
                                 {"信息咨询", {"G0022", "G0023", "", ""}}};
constexpr Trade kCropTrades[] = {{"蔬菜种植", {"G0215", "G0226", "G0144", ""}},
                                 {"果蔬种植", {"G0218", "G0226", "G0146", ""}},
                                 {"花生种植", {"G0214", "G0226", "G0139", ""}}};

struct Kind {
    std::string_view entity_type;
    std::uint64_t weight;  // Of 100.
};
constexpr Kind kKinds[] = {{"one_person_company", 46}, {"limited_company", 20}, {"individual_business", 18}, {"sole_proprietorship", 4},
                           {"corporate_company", 4},   {"partnership", 4},      {"branch", 2},               {"cooperative", 2}};

std::string Utf8(char32_t character) { return text::FromCodePoints(std::u32string(1, character)); }

/// Draws one application; every draw comes from the seed and `n`, and what must be distinct from `n` by counting.
class Generator {
   public:
    Generator(std::uint64_t seed, std::uint64_t n, const reference::Snapshot& snapshot)
        : seed_(seed), n_(n % kApplications), snapshot_(snapshot), random_(seed * 1'000'003 + n) {
        // After one another through all counties, whatever the seed.
        std::vector<const reference::Division*> counties;
        for (const reference::Division* city : snapshot.ChildrenOf("370000")) {
            for (const reference::Division* county : snapshot.ChildrenOf(city->code)) {
                if (county->basis == "standard" && !snapshot.StreetsOf(county->code).empty()) counties.push_back(county);
            }
        }
        county_ = counties[(n_ * 55 + seed) % counties.size()];
        counties_ = std::move(counties);
    }

    json::object Make() {
        const std::string type = DrawType();
        json::object facts;
        if (type == "individual_business") facts = IndividualBusiness();
        else if (type == "sole_proprietorship") facts = SoleProprietorship();
        else if (type == "partnership") facts = Partnership();
        else if (type == "branch") facts = Branch();
        else if (type == "cooperative") facts = Cooperative();
        else facts = Company(type);
        facts["address"] = Address();
        if (random_.Below(5) == 0) {
            facts["delivery"] = json::object{{"collect", "post"}, {"seals", "post"}, {"post_address", Residence()}};
        }
        json::array persons;
        for (const json::value& person : facts.at("people").as_array()) {
            json::object one;
            for (const char* field : {"key", "name", "id_type", "id_number", "mobile"}) one[field] = person.at(field);
            persons.push_back(std::move(one));
        }
        return {{"entity_type", type}, {"county", county_->code}, {"persons", std::move(persons)}, {"applicant", "p1"}, {"facts", std::move(facts)}};
    }

   private:
    std::string DrawType() {
        std::uint64_t at = random_.Below(100);
        for (const Kind& kind : kKinds) {
            if (at < kind.weight) return std::string(kind.entity_type);
            at -= kind.weight;
        }
        return "one_person_company";
    }

    template <class List>
    const auto& Draw(const List& list) {
        return list[static_cast<std::size_t>(random_.Below(std::size(list)))];
    }

    /// A 字号 of two characters for every fourth application as long as they last, else of three; never twice.
    std::string CoreAt(std::uint64_t attempt) const {
        constexpr std::uint64_t kSize = kCoreCharacters.size();
        constexpr std::uint64_t kPairs = kSize * kSize, kTriples = kPairs * kSize;
        constexpr std::uint64_t kShort = 4'000;  // Applications below this number may have short ones.
        const bool is_short = n_ < kShort && n_ % 4 == 0;
        std::uint64_t at = is_short ? (n_ / 4 + attempt * kShort / 4) % kPairs : (n_ + attempt * kApplications) % kTriples;
        at = (at * kStride + seed_) % (is_short ? kPairs : kTriples);
        std::string core;
        for (int i = 0; i < (is_short ? 2 : 3); ++i, at /= kSize) core += Utf8(kCoreCharacters[at % kSize]);
        return core;
    }

    std::string Core() const {
        for (std::uint64_t attempt = 0;; ++attempt) {
            const std::string core = CoreAt(attempt);
            bool is_place = false;
            for (const char* suffix : {"", "省", "市", "区", "县"}) is_place |= !snapshot_.FindDivisionsByName(core + suffix).empty();
            if (!is_place || attempt == 4) return core;
        }
    }

    std::string CityName() const {
        std::string name = snapshot_.CityOf(county_->code)->name;
        return name.substr(0, name.size() - std::string_view("市").size());
    }

    /// "曹县", "济南市历下区": a district follows its city (企业名称登记管理规定 7).
    std::string CountyName() const {
        return county_->name.ends_with("区") ? snapshot_.CityOf(county_->code)->name + county_->name : county_->name;
    }

    json::object Scope(const Trade& trade) const {
        json::array items;
        for (const std::string_view id : trade.items) {
            if (!id.empty()) items.push_back(json::value(id));
        }
        return {{"items", std::move(items)}};
    }

    json::object Address() {
        const auto streets = snapshot_.StreetsOf(county_->code);
        static constexpr std::string_view kOwnership[] = {"lease", "lease", "own", "free_use"};
        return {{"street", Draw(streets)->code},
                {"detail", "示例路" + std::to_string(1 + random_.Below(299)) + "号" + std::to_string(1 + random_.Below(9)) + "号楼" +
                               std::to_string(101 + random_.Below(1800)) + "室"},
                {"ownership", json::value(Draw(kOwnership))}};
    }

    std::string Residence() {
        return snapshot_.FullDivisionName(Draw(counties_)->code) + "示例街" + std::to_string(1 + random_.Below(499)) + "号";
    }

    std::string PersonName() {
        std::string name = Utf8(Draw(kSurnames)) + Utf8(Draw(kGiven));
        if (random_.Below(4) != 0) name += Utf8(Draw(kGiven));
        return name;
    }

    /// Each count gives a document of its own: county, birth day and sequence are its digits.
    std::string IdNumber(std::uint64_t count) const {
        const std::uint64_t size = counties_.size() * kBirthDays * kSequences;
        std::uint64_t at = (count * kStride + seed_) % size;
        const std::string sequence = std::to_string(900 + at % kSequences);
        at /= kSequences;
        const Date birth = AddDays(Date{std::chrono::year{1968} / 1 / 1}, static_cast<int>(at % kBirthDays));
        const std::string digits = counties_[at / kBirthDays]->code + FormatDateCompact(birth) + sequence;
        static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
        int sum = 0;
        for (std::size_t i = 0; i < std::size(kWeights); ++i) sum += (digits[i] - '0') * kWeights[i];
        return digits + "10X98765432"[sum % 11];  // GB 11643
    }

    json::object Human() {
        const std::uint64_t count = n_ * kPeopleOfOne + people_made_++;
        return {{"name", PersonName()},
                {"id_number", IdNumber(count)},
                {"mobile", "154" + std::to_string(10'000'000 + (count + seed_ * 7'919) % 90'000'000)}};
    }

    json::array People(std::size_t count) {
        json::array people;
        for (std::size_t i = 1; i <= count; ++i) {
            json::object person = Human();
            person["key"] = "p" + std::to_string(i);
            person["id_type"] = "resident_id";
            person["residence"] = Residence();
            people.push_back(std::move(person));
        }
        return people;
    }

    json::array Employees(std::size_t count) {
        static constexpr std::string_view kPosts[] = {"销售专员", "会计", "工程师", "仓库管理员", "客服专员", "行政专员"};
        json::array employees;
        for (std::size_t i = 0; i < count; ++i) {
            json::object one = Human();
            one["post"] = json::value(Draw(kPosts));
            one["wage"] = static_cast<std::int64_t>(35 + random_.Below(60)) * 100 * kYuan;
            employees.push_back(std::move(one));
        }
        return employees;
    }

    /// 91 + division + MA0E and four characters that count the applications + checks.
    std::string Uscc(const std::string& division) const {
        static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        std::string body = "MA0E";
        for (std::uint64_t i = 0, at = n_; i < 4; ++i, at /= kAlphabet.size()) body += kAlphabet[at % kAlphabet.size()];
        return reference::MakeUscc({.department = "91", .division = division, .body = body}).value();
    }

    json::array Organisation(const std::string& representative) {
        return json::array{json::object{{"key", "o1"},
                             {"name", CityName() + Core() + "实业有限公司"},
                             {"uscc", Uscc(snapshot_.CityOf(county_->code)->code)},
                             {"kind", "private_company"},
                             {"representative", representative},
                             {"seat", Residence()}}};
    }

    json::object Company(const std::string& type) {
        const Trade& trade = Draw(kCompanyTrades);
        const bool one = type == "one_person_company", corporate = type == "corporate_company";
        const std::size_t holders = one ? 1 : 2 + random_.Below(3);
        const std::int64_t part = static_cast<std::int64_t>(5 + random_.Below(45)) * kTenThousandYuan;
        json::object facts{{"name", json::object{{"full", CityName() + Core() + std::string(trade.word) + "有限公司"}}},
                           {"scope", Scope(trade)},
                           {"capital", json::object{{"amount", part * static_cast<std::int64_t>(holders)}}},
                           {"people", People(holders)}};
        if (one) return facts;
        json::array investors;
        for (std::size_t i = 1; i <= holders; ++i) {
            const std::string holder = corporate && i == 2 ? "o1" : "p" + std::to_string(i);
            investors.push_back(json::object{{"holder", holder}, {"amount", part}});
        }
        facts["investors"] = std::move(investors);
        facts["offices"] = json::object{{"legal_representative", "p1"}, {"directors", json::array{"p1"}}, {"manager", "p1"},
                                        {"supervision", "one"}, {"supervisors", json::array{"p2"}}, {"finance", "p1"}, {"contact", "p1"}};
        if (corporate) {
            facts["organisations"] = Organisation("p2");
            facts["beneficial_owners"] = json::object{{"exempt", false}, {"owners", json::array{"p1", "p2"}}};
        }
        facts["employees"] = Employees(random_.Below(4));
        return facts;
    }

    json::object IndividualBusiness() {
        const Trade& trade = Draw(kShopTrades);
        const bool family = random_.Below(4) == 0;
        json::object facts{{"scope", Scope(trade)},
                           {"operation", json::object{{"form", family ? "family" : "individual"}}},
                           {"people", People(family ? 2 : 1)},
                           {"offices", json::object{{"operator", "p1"}}}};
        // Every fifth goes without a name (细则 6(7)).
        if (random_.Below(5) != 0) facts["name"] = json::object{{"full", CountyName() + Core() + std::string(trade.word)}};
        if (family) facts["family_members"] = json::array{json::object{{"person", "p2"}, {"relation", "spouse"}}};
        return facts;
    }

    json::object SoleProprietorship() {
        const Trade& trade = Draw(kFirmTrades);
        return {{"name", json::object{{"full", CityName() + Core() + std::string(trade.word) + "工作室（个人独资）"}}},
                {"scope", Scope(trade)},
                {"capital", json::object{{"amount", static_cast<std::int64_t>(1 + random_.Below(30)) * kTenThousandYuan}}},
                {"people", People(1)}};
    }

    json::object Partnership() {
        const Trade& trade = Draw(kFirmTrades);
        const bool limited = random_.Below(2) == 0;
        const std::size_t partners = 2 + random_.Below(3);
        const std::int64_t part = static_cast<std::int64_t>(5 + random_.Below(30)) * kTenThousandYuan;
        json::array investors;
        for (std::size_t i = 1; i <= partners; ++i) {
            json::object row{{"holder", "p" + std::to_string(i)}, {"amount", part}};
            if (limited) row["liability"] = i == 1 ? "unlimited" : "limited";
            investors.push_back(std::move(row));
        }
        return {{"partnership", json::object{{"kind", limited ? "limited" : "general"}}},
                {"name", json::object{{"full", CityName() + Core() + std::string(trade.word) + (limited ? "合伙企业（有限合伙）" : "中心（普通合伙）")}}},
                {"scope", Scope(trade)},
                {"capital", json::object{{"amount", part * static_cast<std::int64_t>(partners)}}},
                {"people", People(partners)},
                {"investors", std::move(investors)}};
    }

    json::object Branch() {
        static constexpr std::pair<std::string_view, std::string_view> kSeats[] = {
            {"410100", "郑州"}, {"130100", "石家庄"}, {"320300", "徐州"}, {"340100", "合肥"}};
        const Trade& trade = Draw(kCompanyTrades);
        const auto& [code, city] = Draw(kSeats);
        const std::string parent = std::string(city) + Core() + std::string(trade.word) + "有限公司";
        return {{"parent", json::object{{"name", parent}, {"uscc", Uscc(std::string(code))}, {"seat", std::string(city) + "市示例路1号"},
                                        {"legal_representative", "p2"}}},
                {"name", json::object{{"full", parent + county_->name + "分公司"}}},
                {"scope", Scope(trade)},
                {"people", People(2)},
                {"offices", json::object{{"head", "p1"}}},
                {"employees", Employees(random_.Below(3))}};
    }

    json::object Cooperative() {
        const Trade& trade = Draw(kCropTrades);
        const std::size_t members = 5 + random_.Below(3);
        const std::int64_t part = static_cast<std::int64_t>(2 + random_.Below(10)) * kTenThousandYuan;
        json::array investors;
        for (std::size_t i = 1; i <= members; ++i) {
            investors.push_back(json::object{{"holder", "p" + std::to_string(i)}, {"amount", part}, {"farmer", true}});
        }
        return {{"name", json::object{{"full", CountyName() + Core() + std::string(trade.word) + "专业合作社"}}},
                {"scope", Scope(trade)},
                {"capital", json::object{{"amount", part * static_cast<std::int64_t>(members)}}},
                {"people", People(members)},
                {"investors", std::move(investors)},
                {"offices", json::object{{"legal_representative", "p1"}, {"supervision", "one"}, {"supervisors", json::array{"p2"}}}}};
    }

    const std::uint64_t seed_, n_;
    const reference::Snapshot& snapshot_;
    SeededRandom random_;
    const reference::Division* county_ = nullptr;
    std::vector<const reference::Division*> counties_;
    std::uint64_t people_made_ = 0;
};

}  // namespace

json::object GenerateApplication(std::uint64_t seed, std::uint64_t n, const reference::Snapshot& snapshot) {
    return Generator(seed, n, snapshot).Make();
}

}  // namespace onewindow::demo
