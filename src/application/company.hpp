#pragma once

#include "application/sections.hpp"

// What the kinds of limited company share (公司法 2023): offices, capital, articles of association, signatures.
namespace onewindow::application::company {

struct Kind {
    bool one_person = false;      // One natural person holds everything (公司法 60, 61: decisions instead of meetings).
    bool corporate = false;       // Legal persons among the shareholders.
};

std::vector<forms::Section> Sections(const Kind& kind);
void Derive(const Kind& kind, const Context& context, json::object& facts);
void Check(const Kind& kind, const Context& context, const json::object& facts, std::vector<Fault>& faults);
LicenceWording Licence(const Kind& kind, const Context& context, const json::object& facts);
/// Application, articles of association, decision, appointments, address commitment.
std::vector<PaperDraft> Papers(const Kind& kind, const Context& context, const json::object& facts);
std::vector<Signatory> Signatories(const json::object& facts);

}  // namespace onewindow::application::company
