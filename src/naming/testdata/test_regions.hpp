#pragma once

#include <gtest/gtest.h>

#include <string>

#include "naming/naming.hpp"

// For this room's *_test.cpp only.
namespace onewindow::naming::testing {

/// A handful of divisions with their official names and codes.
inline const RegionIndex& Regions() {
    static const RegionIndex regions({{"山东省", "370000"},
                                      {"济南市", "370100"},
                                      {"历下区", "370102"},
                                      {"市中区", "370103"},
                                      {"天桥区", "370105"},
                                      {"平阴县", "370124"},
                                      {"青岛市", "370200"},
                                      {"市南区", "370202"},
                                      {"枣庄市", "370400"},
                                      {"市中区", "370402"},
                                      {"潍坊市", "370700"},
                                      {"寿光市", "370783"},
                                      {"聊城市", "371500"},
                                      {"高唐县", "371526"},
                                      {"北京市", "110000"},
                                      {"朝阳区", "110105"},
                                      {"内蒙古自治区", "150000"}},
                                     "test");
    return regions;
}

/// The tables that are built into the binary.
inline const NameTables& Tables() {
    static const NameTables tables = [] {
        auto loaded = LoadNameTables(embedded::AllData());
        EXPECT_TRUE(loaded.has_value()) << loaded.error().Describe();
        return loaded ? *std::move(loaded) : NameTables{};
    }();
    return tables;
}

inline NameParts Parse(std::string_view name, std::string_view declared_core = {}) {
    return ParseName(name, Tables(), Regions(), declared_core);
}

}  // namespace onewindow::naming::testing
