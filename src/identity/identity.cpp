#include "identity/identity.hpp"

#include "identity/document.hpp"
#include "identity/queries.gen.hpp"

// Persons and their verifications: reading.
namespace onewindow::identity {
namespace {

Verification ReadVerification(const db::Row& row) {
    return {.id = row.Text("id"),
            .person = row.As<PersonId>("person"),
            .method = row.Text("method"),
            .level = row.Text("level"),
            .evidence_sm3 = row.Text("evidence_sm3"),
            .at = row.Time("answered_at")};
}

Result<std::optional<Verification>> ReadIfAny(const Result<std::optional<db::Row>>& row) {
    if (!row) return Failure(row.error());
    if (!*row) return std::optional<Verification>{};
    return std::optional<Verification>{ReadVerification(**row)};
}

}  // namespace

Identity::Identity(Deps deps) : deps_(std::move(deps)) {}

std::string Identity::DocumentHash(std::string_view id_type, std::string_view id_number) const {
    return deps_.services.sealer.LookupHash(
        std::string(id_type) + ":" + CanonicalIdNumber(id_type, id_number),
        "identity_person.document");
}

Result<Person> Identity::ReadPerson(const db::Row& row) const {
    const sealing::Sealer& sealer = deps_.services.sealer;
    Person person{.id = row.As<PersonId>("id"),
                  .name = {},
                  .id_type = row.Text("id_type"),
                  .id_number = {},
                  .mobile = {},
                  .document_hash = row.Text("document_hash")};
    // Sealed to the document and not to the id, so that the first login needs no look before the
    // leap.
    OW_TRY(person.name,
           sealer.Open(row.Blob("name"), "identity_person.name:" + person.document_hash));
    OW_TRY(person.id_number,
           sealer.Open(row.Blob("id_number"), "identity_person.id_number:" + person.document_hash));
    OW_TRY(person.mobile,
           sealer.Open(row.Blob("mobile"), "identity_person.mobile:" + person.document_hash));
    return person;
}

Result<std::optional<Person>> Identity::Find(db::Transaction& tx, const PersonId& id) const {
    OW_TRY(const auto row, tx.FindOne(queries::kFindPerson, id));
    if (!row) return std::optional<Person>{};
    OW_TRY(Person person, ReadPerson(*row));
    return std::optional<Person>{std::move(person)};
}

Result<std::optional<Person>> Identity::FindByDocument(db::Transaction& tx,
                                                       std::string_view id_type,
                                                       std::string_view id_number) const {
    OW_TRY(const auto row,
           tx.FindOne(queries::kFindPersonByDocument, DocumentHash(id_type, id_number)));
    if (!row) return std::optional<Person>{};
    OW_TRY(Person person, ReadPerson(*row));
    return std::optional<Person>{std::move(person)};
}

Result<std::optional<Person>> Identity::FindByHash(db::Transaction& tx,
                                                   std::string_view document_hash) const {
    OW_TRY(const auto row, tx.FindOne(queries::kFindPersonByDocument, document_hash));
    if (!row) return std::optional<Person>{};
    OW_TRY(Person person, ReadPerson(*row));
    return std::optional<Person>{std::move(person)};
}

Result<std::optional<Verification>> Identity::Fresh(db::Transaction& tx, const PersonId& person,
                                                    Instant not_before) const {
    return ReadIfAny(tx.FindOne(queries::kFindFreshVerification, person, not_before));
}

Result<std::optional<Verification>> Identity::FindEvidence(db::Transaction& tx,
                                                           const PersonId& person,
                                                           std::string_view evidence_sm3) const {
    return ReadIfAny(tx.FindOne(queries::kFindEvidence, person, evidence_sm3));
}

Result<std::pair<std::string, std::string>> Identity::AddressOf(db::Transaction& tx,
                                                                std::string_view person) const {
    OW_TRY(const auto found, Find(tx, PersonId(std::string(person))));
    return std::pair{found ? found->mobile : std::string{}, std::string{}};
}

}  // namespace onewindow::identity
