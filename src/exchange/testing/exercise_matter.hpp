#pragma once

#include "exchange/matter.hpp"
#include "kernel/messages/messages.hpp"

// For *_test.cpp only.
namespace onewindow::exchange {

/// What every matter owes to the engine, to the applicant and to officers: sound ids, known licence fields and limits,
/// prerequisites that can happen, texts in both languages for all that people see, strict results. Reports to gtest.
void ExerciseMatter(const Matter& matter, const std::vector<Matter>& all, const messages::Messages& texts);

}  // namespace onewindow::exchange
