#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::entity_types::branch::reasons {

inline constexpr Reason kNameNotOfParent{"branch.name_not_of_parent", Kind::kRefused, "企业名称登记管理规定 13"};
inline constexpr Reason kParentCode{"branch.parent_code", Kind::kRefused, "GB 32100-2015"};

}  // namespace onewindow::entity_types::branch::reasons
