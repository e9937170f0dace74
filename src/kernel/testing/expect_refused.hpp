#pragma once

#include <gtest/gtest.h>

#include "kernel/result/result.hpp"

/// The answer is an error that names this reason.
#define EXPECT_REFUSED(answer, expected)                                                      \
    do {                                                                                      \
        const auto& ow_answer = (answer);                                                     \
        ASSERT_FALSE(ow_answer.has_value()) << "expected " << (expected).code;                \
        EXPECT_TRUE(ow_answer.error().Is(expected))                                           \
            << "expected " << (expected).code << ", got " << ow_answer.error().Describe();    \
    } while (false)

#define ASSERT_OK(answer)                                                                     \
    do {                                                                                      \
        const auto& ow_answer = (answer);                                                     \
        ASSERT_TRUE(ow_answer.has_value()) << ow_answer.error().Describe();                   \
    } while (false)
