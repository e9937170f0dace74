#include <sys/stat.h>
// The same in every file: toml++ 3.3 names its reader alike in both modes, and a mix corrupts the
// stack.
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <cerrno>
#include <charconv>

#include "kernel/crypto/crypto.hpp"
#include "kernel/files/files.hpp"
#include "kernel/sealing/sealing.hpp"
#include "kernel/sealing/sm4_gcm.hpp"

namespace onewindow::sealing {
namespace {

constexpr std::size_t kLookupKeySize = 32;

Failure Unreadable(std::string_view why) {
    return Fail(Error(Fault{&reasons::kKeyFile}).WithDetail(std::string(why)));
}

Result<std::string> KeyAt(const toml::node& node, std::size_t size) {
    const auto text = node.value<std::string>();
    if (!text) return Unreadable("a key is not text");
    const auto key = crypto::FromHex(*text);
    if (!key || key->size() != size) return Unreadable("a key has the wrong length");
    return *key;
}

Result<Sealer::Keys> KeysFrom(const toml::table& table) {
    Sealer::Keys keys;
    for (const auto& [name, node] : table) {
        if (name != "lookup" && name != "seal") return Unreadable("unknown entry");
    }
    const toml::node* lookup = table.get("lookup");
    const toml::table* seal = table["seal"].as_table();
    if (lookup == nullptr || seal == nullptr || seal->empty())
        return Unreadable("an entry is missing");
    OW_TRY(keys.lookup, KeyAt(*lookup, kLookupKeySize));
    for (const auto& [name, node] : *seal) {
        const std::string_view text = name.str();
        std::uint32_t id = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
        if (error != std::errc{} || end != text.data() + text.size() || id == 0) {
            return Unreadable("a key id is no number");
        }
        OW_TRY(std::string key, KeyAt(node, kSm4KeySize));
        if (!keys.seal.emplace(id, std::move(key)).second)
            return Unreadable("a key id stands twice");
    }
    return keys;
}

std::string NewFile(Random& random) {
    return "# Keys of the sealed columns. The highest number seals, all open; add a number to "
           "change the key,\n"
           "# remove none while its columns exist. Whoever loses this file loses the sealed "
           "columns.\n"
           "lookup = \"" +
           crypto::Hex(random.Bytes(kLookupKeySize)) + "\"\n\n[seal]\n1 = \"" +
           crypto::Hex(random.Bytes(kSm4KeySize)) + "\"\n";
}

}  // namespace

Result<Sealer::Keys> LoadKeys(const std::string& directory, bool create, Random& random) {
    const std::string folder = directory + "/keys", path = folder + "/sealing.toml";
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) {
        // Only "absent" permits a new file: keys over others, old or of a second process that
        // starts at the same time, would lose every column sealed with those.
        if (errno != ENOENT || !create) {
            return Fail(Error(Fault{&reasons::kKeyMissing}).WithDetail("no key file at " + path));
        }
        OW_CHECK(files::MakeDirectory(folder, 0700));
        OW_CHECK(files::CreateFile(path, NewFile(random), 0600));
        OW_ASSERT(::stat(path.c_str(), &status) == 0);
    }
    if ((status.st_mode & 077U) != 0) {
        return Fail(Error(Fault{&reasons::kKeyFileOpen}).WithDetail("chmod 600 " + path));
    }
    OW_TRY(const std::string text, files::ReadFile(path));
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) return Unreadable("not TOML");  // The parser's own words could quote a key.
    return KeysFrom(parsed.table());
}

}  // namespace onewindow::sealing
