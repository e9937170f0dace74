#include "kernel/json/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>

#include "kernel/text/text.hpp"

namespace onewindow::json {
namespace {

constexpr std::size_t kDepthMax = 32;

/// Walks the text once to find what Boost.JSON's own parser lets through: duplicate keys, NUL, numbers beyond a double.
struct Inspector {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);
    using error_code = boost::json::error_code;
    using view = boost::json::string_view;

    struct Level {
        std::set<std::string, std::less<>> keys;
        std::string key;
        std::size_t index = 0;
        bool is_array = false;
    };
    std::vector<Level> levels;
    std::string partial_key;
    const Reason* found = nullptr;
    std::string found_path;

    std::string Path() const {
        std::string path;
        for (const Level& level : levels) {
            if (!path.empty()) path += '.';
            path += level.is_array ? std::to_string(level.index) : level.key;
        }
        return path;
    }
    void CountItem() {
        if (!levels.empty() && levels.back().is_array) ++levels.back().index;
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) {
        levels.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, error_code&) {
        levels.pop_back();
        CountItem();
        return true;
    }
    bool on_array_begin(error_code&) {
        levels.emplace_back().is_array = true;
        return true;
    }
    bool on_array_end(std::size_t, error_code&) {
        levels.pop_back();
        CountItem();
        return true;
    }
    bool on_key_part(view part, std::size_t, error_code&) {
        partial_key.append(part.data(), part.size());
        return true;
    }
    bool on_key(view part, std::size_t, error_code& error) {
        partial_key.append(part.data(), part.size());
        Level& level = levels.back();
        level.key = std::move(partial_key);
        partial_key.clear();
        if (level.key.find('\0') != std::string::npos) return Refuse(reasons::kNul, error);
        return level.keys.insert(level.key).second || Refuse(reasons::kDuplicateKey, error);
    }
    bool on_string_part(view part, std::size_t, error_code& error) {
        return part.find('\0') == view::npos || Refuse(reasons::kNul, error);
    }
    bool on_string(view part, std::size_t, error_code& error) {
        return part.find('\0') == view::npos ? Item() : Refuse(reasons::kNul, error);
    }
    bool on_number_part(view, error_code&) { return true; }
    bool on_int64(std::int64_t, view, error_code&) { return Item(); }
    bool on_uint64(std::uint64_t, view, error_code&) { return Item(); }
    // 1e999 would be kept as infinity, which no JSON text can say again.
    bool on_double(double number, view, error_code& error) {
        return std::isfinite(number) ? Item() : Refuse(reasons::kUnreadable, error);
    }
    bool on_bool(bool, error_code&) { return Item(); }
    bool on_null(error_code&) { return Item(); }
    bool on_comment_part(view, error_code&) { return true; }
    bool on_comment(view, error_code&) { return true; }
    bool Refuse(const Reason& reason, error_code& error) {
        found = &reason;
        if (found != &reasons::kUnreadable) found_path = Path();
        error = boost::json::error::syntax;
        return false;
    }
    bool Item() {
        CountItem();
        return true;
    }
};

void WriteEscaped(std::string& out, std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (const char raw : text) {
        const auto character = static_cast<unsigned char>(raw);
        switch (character) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (character < 0x20) {
                    out += "\\u00";
                    out += kHex[character >> 4];
                    out += kHex[character & 15];
                } else {
                    out += raw;
                }
        }
    }
    out += '"';
}

/// ECMAScript's Number::toString, as RFC 8785 3.2.2.3 asks.
std::string NumberText(double number) {
    if (number == 0) return "0";
    char buffer[40];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::abs(number), std::chars_format::scientific).ptr;
    const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
    const std::size_t mark = text.find('e');
    std::string digits(1, text[0]);
    if (mark > 2) digits += text.substr(2, mark - 2);
    int exponent = 0;
    std::from_chars(text.data() + mark + (text[mark + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
    const int point = exponent + 1;
    const int count = static_cast<int>(digits.size());
    std::string out = number < 0 ? "-" : "";
    if (point > 21 || point < -5) {
        out += digits.substr(0, 1);
        if (count > 1) out += "." + digits.substr(1);
        out += exponent < 0 ? "e-" : "e+";
        return out + std::to_string(std::abs(exponent));
    }
    if (point <= 0) return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
    if (point >= count) return out + digits + std::string(static_cast<std::size_t>(point - count), '0');
    return out + digits.substr(0, static_cast<std::size_t>(point)) + "." + digits.substr(static_cast<std::size_t>(point));
}

void WriteCanonical(std::string& out, const value& node) {
    switch (node.kind()) {
        case boost::json::kind::null: out += "null"; return;
        case boost::json::kind::bool_: out += node.get_bool() ? "true" : "false"; return;
        case boost::json::kind::int64: out += std::to_string(node.get_int64()); return;
        case boost::json::kind::uint64: out += std::to_string(node.get_uint64()); return;
        case boost::json::kind::double_: out += NumberText(node.get_double()); return;
        case boost::json::kind::string: WriteEscaped(out, std::string_view(node.get_string())); return;
        case boost::json::kind::array: {
            out += '[';
            bool first = true;
            for (const value& item : node.get_array()) {
                if (!std::exchange(first, false)) out += ',';
                WriteCanonical(out, item);
            }
            out += ']';
            return;
        }
        case boost::json::kind::object: {
            std::vector<const object::value_type*> members;
            for (const auto& member : node.get_object()) members.push_back(&member);
            std::sort(members.begin(), members.end(), [](const auto* left, const auto* right) {
                return text::ToUtf16(std::string_view(left->key())) < text::ToUtf16(std::string_view(right->key()));
            });
            out += '{';
            bool first = true;
            for (const auto* member : members) {
                if (!std::exchange(first, false)) out += ',';
                WriteEscaped(out, std::string_view(member->key()));
                out += ':';
                WriteCanonical(out, member->value());
            }
            out += '}';
            return;
        }
    }
}

std::string_view NextPart(std::string_view& path) {
    const std::size_t dot = path.find('.');
    const std::string_view part = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    return part;
}

}  // namespace

Result<value> Parse(std::string_view input) {
    if (!text::IsUtf8(input)) return Refuse(reasons::kUnreadable);
    boost::json::parse_options options;
    options.max_depth = kDepthMax;
    boost::json::error_code error;
    boost::json::basic_parser<Inspector> inspector(options);
    inspector.write_some(false, input.data(), input.size(), error);
    if (inspector.handler().found != nullptr) return Refuse(*inspector.handler().found, inspector.handler().found_path);
    if (error) return Fail(Error(Fault{&reasons::kUnreadable}).WithDetail(error.message()));
    value parsed = boost::json::parse(boost::json::string_view(input.data(), input.size()), error, {}, options);
    if (error) return Fail(Error(Fault{&reasons::kUnreadable}).WithDetail(error.message()));
    return parsed;
}

std::string Canonical(const value& node) {
    std::string out;
    WriteCanonical(out, node);
    return out;
}

std::string Text(const value& node) { return boost::json::serialize(node); }

const value* Find(const value& root, std::string_view path) {
    const value* node = &root;
    while (!path.empty()) {
        const std::string_view part = NextPart(path);
        if (node->is_object()) {
            node = node->get_object().if_contains(boost::json::string_view(part.data(), part.size()));
        } else if (node->is_array()) {
            std::size_t index = 0;
            const auto read = std::from_chars(part.data(), part.data() + part.size(), index);
            const bool whole = read.ec == std::errc{} && read.ptr == part.data() + part.size();
            node = whole && index < node->get_array().size() ? &node->get_array()[index] : nullptr;
        } else {
            node = nullptr;
        }
        if (node == nullptr) return nullptr;
    }
    return node;
}

const value* Find(const object& root, std::string_view path) {
    const std::string_view first = NextPart(path);
    const value* member = root.if_contains(boost::json::string_view(first.data(), first.size()));
    return member == nullptr || path.empty() ? member : Find(*member, path);
}

std::string TextAt(const value& root, std::string_view path, std::string_view fallback) {
    const value* node = Find(root, path);
    return std::string(node != nullptr && node->is_string() ? std::string_view(node->get_string()) : fallback);
}

std::int64_t IntAt(const value& root, std::string_view path, std::int64_t fallback) {
    const value* node = Find(root, path);
    if (node == nullptr) return fallback;
    if (node->is_int64()) return node->get_int64();
    return fallback;
}

bool BoolAt(const value& root, std::string_view path, bool fallback) {
    const value* node = Find(root, path);
    return node != nullptr && node->is_bool() ? node->get_bool() : fallback;
}

void SetAt(object& root, std::string_view path, value replacement) {
    object* node = &root;
    for (;;) {
        const std::string_view part = NextPart(path);
        value& member = (*node)[boost::json::string_view(part.data(), part.size())];
        if (path.empty()) {
            member = std::move(replacement);
            return;
        }
        if (member.is_null()) member = object{};
        if (!member.is_object()) return;
        node = &member.get_object();
    }
}

}  // namespace onewindow::json
