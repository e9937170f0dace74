#pragma once

#include <string>
#include <string_view>

#include "kernel/documents/page.hpp"

namespace onewindow::documents {

/// Adds the language and "show the title, not the file's name" to the catalogue of a PDF that cairo
/// wrote; cairo 1.16 cannot. Refuses kRendering if the file does not end as cairo's files do.
Result<std::string> AddToCatalogue(std::string pdf, std::string_view language);

}  // namespace onewindow::documents
