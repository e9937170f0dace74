#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "kernel/clock/clock.hpp"
#include "reference/calendar/calendar.hpp"

// The rows of the datasets. `origin` is official, derived or demo; pages show demo as such.
namespace onewindow::reference {

struct Division {
    std::string code;  // 6 digits; streets 9.
    std::string name;
    std::string level;  // province | city | county | street
    std::string parent;
    std::string basis;  // standard (GB/T 2260) | functional | placeholder | statistical
};

/// A registration authority 登记机关.
struct Authority {
    std::string code, name;
    std::string division;
    std::string uscc_division;  // For positions 3–8 of codes: a functional zone uses its city's.
    std::string city;           // Empty for the province.
    std::string level;          // county | zone | city | province
    std::string phone, origin;
};

struct EnterpriseType {
    std::string code, name;  // "1151", the text of the licence
};

/// GB/T 4754.
struct Industry {
    std::string code, name;
    std::string level;  // section | division | group | class
    std::string parent;
};

struct ScopeItem {
    std::string id, text;
    bool licensed = false;  // 许可项目
    std::string industry;   // GB/T 4754 class
    std::string permit, department;
    std::string stage;  // "before" (前置), "after" (后置), ""
    std::vector<std::string> keywords;
    std::vector<std::string> syllables;  // Pinyin without tones.
    std::string initials;
};

/// A government service hall 政务大厅.
struct Hall {
    std::string id, name, authority, city, address, phone, origin;
    HallHours hours;
    int lockers = 0, kiosks = 0;
    bool prints_licence = false;
};

struct SealMaker {
    std::string id, name, city, district;
    int capacity = 0;  // Seal sets a working day.
    int score = 0;     // 0–100
    double latitude = 0, longitude = 0;
    std::string phone, origin;
};

struct BankBranch {
    std::string cnaps, bank, name, city, district, address, phone;
    int slots = 0;  // Appointments a working day.
    std::string origin;
};

struct Courier {
    std::string id, name;
    int days_city = 0, days_province = 0;  // Working days.
    std::string phone, origin;
};

/// An agency's office in a city.
struct Office {
    std::string id, agency, city, name, authority_code, phone, origin;
};

enum class InvoiceMode { kDigital, kTaxControl };  // 数电, 税控

/// What employers and employees pay in one city on one day. Rates are basis points, bases fen a
/// month.
struct Rates {
    int pension_unit = 0, pension_person = 0;
    int unemployment_unit = 0, unemployment_person = 0;
    int injury_unit[8] = {};  // By class of risk 1–8.
    int medical_unit = 0, medical_person = 0;
    int housing_min = 0, housing_max = 0;
    std::int64_t base_lower_fen = 0, base_upper_fen = 0;
    std::int64_t housing_base_lower_fen = 0, housing_base_upper_fen = 0;
    InvoiceMode invoice_mode = InvoiceMode::kDigital;
    bool demo = false;  // At least one figure is made up.
};

struct RateRow {
    std::string city, item;
    std::int64_t value = 0;  // invoice_mode: 0 digital, 1 tax_control
    Date from;
    std::optional<Date> until;
    std::string origin, citation;
};

enum class LimitUnit { kMinute, kHalfDay, kWorkday, kCalendarDay, kMonth };

struct Limit {
    std::string id, city;
    int amount = 0;
    LimitUnit unit = LimitUnit::kMinute;
    std::string what, citation, origin;
};

struct RouteRow {
    std::string entity_type, owner, level;
    bool served = false;
    std::string text_zh, text_en, citation;
};

/// One entry of the policy pack 政策包; empty lists mean everybody.
struct Policy {
    std::string id, title, text;
    std::vector<std::string> entity_types, industries, founder_groups, regions, sizes;
    std::string legal_basis, how_to_claim, contact;
    Date from;
    std::optional<Date> until;
    std::string origin;
};

struct Closure {
    std::string hall;
    Date date;
    std::string reason, decided_by, confirmed_by, origin;
};

}  // namespace onewindow::reference
