#pragma once

#include <gtest/gtest.h>

#include "kernel/result/result.hpp"

// Names are unique, so that one macro may stand in a closure within another.
#define OW_EXPECT_REFUSED(name, answer, expected)                                             \
    do {                                                                                      \
        const auto& name = (answer);                                                          \
        ASSERT_FALSE(name.has_value()) << "expected " << (expected).code;                     \
        EXPECT_TRUE(name.error().Is(expected))                                                \
            << "expected " << (expected).code << ", got " << name.error().Describe();         \
    } while (false)

/// The answer is an error that names this reason.
#define EXPECT_REFUSED(answer, expected) \
    OW_EXPECT_REFUSED(OW_CONCAT(ow_answer_, __COUNTER__), (answer), (expected))

#define OW_ASSERT_OK(name, answer)                                                            \
    do {                                                                                      \
        const auto& name = (answer);                                                          \
        ASSERT_TRUE(name.has_value()) << name.error().Describe();                             \
    } while (false)

#define ASSERT_OK(...) OW_ASSERT_OK(OW_CONCAT(ow_answer_, __COUNTER__), (__VA_ARGS__))
