#pragma once

#include "application/application.hpp"
#include "licence/licence.hpp"
#include "signing/signing.hpp"

// Review (R1–R3): numbered rules with article, inputs, result, version; smart approval; registrar's queue and decision.
namespace onewindow::review {

using application::CaseId;

struct Finding {
    std::string rule;      // "R012"
    int version = 1;
    std::string citation;
    std::string verdict;   // pass | refer
    json::object inputs;   // What was looked at (no bare personal data: digests or masked).
    std::string reason;    // Message key.
};

class Review {
   public:
    struct Deps {
        application::Application& application;
        signing::Signing& signing;
        licence::Licences& licences;
        CrashPoints& crash;
    };
    explicit Review(Deps deps);

    /// Orders the examination; in the transaction of the submission.
    Result<> Order(db::Transaction& tx, const application::CaseView& view) const;
    /// Runs all rules over the facts; pure but for what `facts` carry.
    std::vector<Finding> Examine(const application::CaseView& view, const application::Context& context) const;

    void RegisterJobs(jobs::Runner& runner);  // review.examine
    void AddRoutes(api::Router& router);      // queue, take, case file, decide, notice, re-run

   private:
    Deps deps_;
};

void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::review
