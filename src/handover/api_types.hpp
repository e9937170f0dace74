#pragma once

#include "handover/handover.hpp"

// What the room's routes take and give.
namespace onewindow::handover {

/// Who works at which window; checked.
struct Window {
    std::string hall;
    std::string hall_name;
    std::string account;

    std::string Actor() const { return "clerk:" + account; }
    std::string Place() const { return "hall:" + hall; }
};

/// How the receiver showed who he or she is.
enum class IdentityMethod { kIdCardReader, kFaceCheck, kElectronicId, kDocumentSeen };
BOOST_DESCRIBE_ENUM(IdentityMethod, kIdCardReader, kFaceCheck, kElectronicId, kDocumentSeen)

enum class LossReason { kMissing, kStolen, kDestroyed, kLostByCourier };
BOOST_DESCRIBE_ENUM(LossReason, kMissing, kStolen, kDestroyed, kLostByCourier)

enum class ReturnReason { kDefective, kWrongContent, kUndeliverable, kUnclaimed };
BOOST_DESCRIBE_ENUM(ReturnReason, kDefective, kWrongContent, kUndeliverable, kUnclaimed)

enum class LicenceCopy { kLicenceOriginal, kLicenceDuplicate };
BOOST_DESCRIBE_ENUM(LicenceCopy, kLicenceOriginal, kLicenceDuplicate)

struct ScanRequest {
    std::string code;  // Item code, or the serial or seal number on the thing.
};
BOOST_DESCRIBE_STRUCT(ScanRequest, (), (code))

struct LossRequest {
    std::string code;
    LossReason reason{};
};
BOOST_DESCRIBE_STRUCT(LossRequest, (), (code, reason))

struct ReturnRequest {
    std::string code;
    ReturnReason reason{};
};
BOOST_DESCRIBE_STRUCT(ReturnRequest, (), (code, reason))

struct ScanAnswer {
    std::string case_number, kind, title, number, state, destination, kit_state;
    bool repeated = false;  // It had been scanned before; nothing changed.
};
BOOST_DESCRIBE_STRUCT(ScanAnswer, (),
                      (case_number, kind, title, number, state, destination, kit_state, repeated))

struct IdentityShown {
    IdentityMethod method{};
    std::string last4;  // Of the document number.
};
BOOST_DESCRIBE_STRUCT(IdentityShown, (), (method, last4))

struct PickUpRequest {
    std::string case_number, code;
    std::optional<IdentityShown> identity;
    /// Kinds, for a partial hand-over; without it everything for this window must be there.
    std::optional<std::vector<std::string>> items;
};
BOOST_DESCRIBE_STRUCT(PickUpRequest, (), (case_number, code, identity, items))

struct PickUpAnswer {
    std::string case_number;
    std::vector<std::string> handed_over;
    std::vector<std::string> remaining;  // For this window.
    std::string kit_state;
};
BOOST_DESCRIBE_STRUCT(PickUpAnswer, (), (case_number, handed_over, remaining, kit_state))

struct KitCaseRequest {
    std::string case_number;
};
BOOST_DESCRIBE_STRUCT(KitCaseRequest, (), (case_number))

/// What stands on the parcel, and nothing about what is in it.
struct LabelAnswer {
    std::string label, sender, sender_address, sender_phone, receiver, receiver_mobile,
        receiver_address;
    std::int64_t pieces = 0;
    bool repeated = false;
};
BOOST_DESCRIBE_STRUCT(LabelAnswer, (),
                      (label, sender, sender_address, sender_phone, receiver, receiver_mobile,
                       receiver_address, pieces, repeated))

struct PrintRequest {
    std::string case_number;
    std::optional<LicenceCopy> copy;  // Without it: every copy that is not printed yet.
};
BOOST_DESCRIBE_STRUCT(PrintRequest, (), (case_number, copy))

struct PrintedCopy {
    std::string kind, blank, pdf;  // `pdf`: path of the rendering to print on this blank.
};
BOOST_DESCRIBE_STRUCT(PrintedCopy, (), (kind, blank, pdf))

struct PrintAnswer {
    std::string case_number, uscc, name, authority;
    std::vector<PrintedCopy> copies;
};
BOOST_DESCRIBE_STRUCT(PrintAnswer, (), (case_number, uscc, name, authority, copies))

struct HallItem {
    std::string case_number, business_name, kind, title, code, number, state, destination, holder;
    Instant since;
};
BOOST_DESCRIBE_STRUCT(HallItem, (),
                      (case_number, business_name, kind, title, code, number, state, destination,
                       holder, since))

struct HallItemList {
    std::vector<HallItem> items;
    bool more = false;  // Ask again with after = the last code.
};
BOOST_DESCRIBE_STRUCT(HallItemList, (), (items, more))

struct ReceiveBlanksRequest {
    std::string prefix;
    std::int64_t from = 0, count = 0;
};
BOOST_DESCRIBE_STRUCT(ReceiveBlanksRequest, (), (prefix, from, count))

struct VoidBlankRequest {
    std::string number, reason;
};
BOOST_DESCRIBE_STRUCT(VoidBlankRequest, (), (number, reason))

struct BlankEntry {
    std::string number, state, authority, case_number, kind, void_reason;
    Instant changed_at;
};
BOOST_DESCRIBE_STRUCT(BlankEntry, (),
                      (number, state, authority, case_number, kind, void_reason, changed_at))

/// Received = free + used + voided; each that is not free is listed.
struct BlankAccount {
    std::int64_t received = 0, free = 0, used = 0, voided = 0;
    std::vector<BlankEntry> blanks;
    bool more = false;
};
BOOST_DESCRIBE_STRUCT(BlankAccount, (), (received, free, used, voided, blanks, more))

struct KitItemAnswer {
    std::string kind, title, number, state, destination, place, holder, parcel;
    Instant since;
};
BOOST_DESCRIBE_STRUCT(KitItemAnswer, (),
                      (kind, title, number, state, destination, place, holder, parcel, since))

struct KitParcel {
    std::string label, state, courier, tracking;
};
BOOST_DESCRIBE_STRUCT(KitParcel, (), (label, state, courier, tracking))

struct KitAnswer {
    std::string case_number, state, hall, hall_name, hall_address, hall_phone;
    std::optional<std::string> pick_up_code;  // For the applicant only.
    std::optional<Instant> completed_at;
    std::vector<KitItemAnswer> items;
    std::vector<KitParcel> parcels;
};
BOOST_DESCRIBE_STRUCT(KitAnswer, (),
                      (case_number, state, hall, hall_name, hall_address, hall_phone, pick_up_code,
                       completed_at, items, parcels))

struct PolicyWhyAnswer {
    std::string condition, value, text;
};
BOOST_DESCRIBE_STRUCT(PolicyWhyAnswer, (), (condition, value, text))

struct PolicyAnswer {
    std::string id, title, text, legal_basis, how_to_claim, contact, origin;
    std::optional<std::string> valid_until;
    std::vector<PolicyWhyAnswer> why;
};
BOOST_DESCRIBE_STRUCT(PolicyAnswer, (),
                      (id, title, text, legal_basis, how_to_claim, contact, origin, valid_until,
                       why))

/// `state`: "preview" before the licence, then "chosen". `size` is an estimate from the employees
/// named.
struct PolicyPackAnswer {
    std::string state, policy_version, industry, size;
    std::vector<std::string> founder_groups;
    std::vector<PolicyAnswer> policies;
};
BOOST_DESCRIBE_STRUCT(PolicyPackAnswer, (),
                      (state, policy_version, industry, size, founder_groups, policies))

/// "handover.item.<kind>" in the reader's language.
std::string TitleOf(const api::Call& call, std::string_view kind);

}  // namespace onewindow::handover
