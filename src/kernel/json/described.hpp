#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include "kernel/clock/clock.hpp"
#include "kernel/ids/ids.hpp"
#include "kernel/json/json.hpp"

// Types described by Boost.Describe as JSON: read with every fault and its path, written, and as JSON Schema.
// Members: std::string, bool, integers, Instant, Id, enums, std::optional, std::vector, json::value, json::object,
// and described structs. std::optional members may be absent; all others are required.
namespace onewindow::json {

/// kSelfOwned -> "self_owned": enumerators appear in JSON without prefix, in snake_case.
std::string EnumText(std::string_view enumerator);

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsId : std::false_type {};
template <class Tag>
struct IsId<Id<Tag>> : std::true_type {};

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

inline std::string Join(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : path + "." + std::string(name);
}

class Reader {
   public:
    std::vector<Fault> faults;

    /// Nobody reads a thousand faults; a hostile message may not make millions.
    static constexpr std::size_t kFaultsMax = 1000;

    void Add(const Reason& reason, const std::string& path) {
        if (faults.size() < kFaultsMax) faults.push_back({&reason, path, {}});
    }

    template <class T>
    void Read(const value& node, T& out, const std::string& path) {
        if constexpr (std::is_same_v<T, value>) {
            out = node;
        } else if constexpr (std::is_same_v<T, object>) {
            if (node.is_object()) out = node.get_object();
            else Add(reasons::kWrongType, path);
        } else if constexpr (std::is_same_v<T, std::string>) {
            if (node.is_string()) out = std::string(std::string_view(node.get_string()));
            else Add(reasons::kWrongType, path);
        } else if constexpr (std::is_same_v<T, bool>) {
            if (node.is_bool()) out = node.get_bool();
            else Add(reasons::kWrongType, path);
        } else if constexpr (std::is_integral_v<T>) {
            ReadInteger(node, out, path);
        } else if constexpr (std::is_same_v<T, Instant>) {
            const auto read = node.is_string() ? ParseInstant(std::string_view(node.get_string()))
                                               : Result<Instant>(Refuse(reasons::kWrongType));
            if (read) out = *read;
            else Add(reasons::kWrongType, path);
        } else if constexpr (IsId<T>::value) {
            if (node.is_string()) out = T(std::string(std::string_view(node.get_string())));
            else Add(reasons::kWrongType, path);
        } else if constexpr (std::is_enum_v<T>) {
            ReadEnum(node, out, path);
        } else if constexpr (IsOptional<T>::value) {
            if (!node.is_null()) Read(node, out.emplace(), path);
        } else if constexpr (IsVector<T>::value) {
            if (!node.is_array()) return Add(reasons::kWrongType, path);
            std::size_t index = 0;
            for (const value& item : node.get_array()) {
                Read(item, out.emplace_back(), Join(path, std::to_string(index++)));
            }
        } else {
            ReadStruct(node, out, path);
        }
    }

   private:
    template <class T>
    void ReadInteger(const value& node, T& out, const std::string& path) {
        // 2^63 and more is read as unsigned.
        if (node.is_double() || node.is_uint64()) return Add(reasons::kNotInteger, path);
        if (!node.is_int64()) return Add(reasons::kWrongType, path);
        const std::int64_t number = node.get_int64();
        if (number < static_cast<std::int64_t>(std::numeric_limits<T>::min()) ||
            number > static_cast<std::int64_t>(std::numeric_limits<T>::max())) {
            return Add(reasons::kNotInteger, path);
        }
        out = static_cast<T>(number);
    }

    template <class T>
    void ReadEnum(const value& node, T& out, const std::string& path) {
        if (!node.is_string()) return Add(reasons::kWrongType, path);
        bool found = false;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto entry) {
            if (std::string_view(node.get_string()) == EnumText(entry.name)) {
                out = entry.value;
                found = true;
            }
        });
        if (!found) Add(reasons::kUnknownChoice, path);
    }

    template <class T>
    void ReadStruct(const value& node, T& out, const std::string& path) {
        if (!node.is_object()) return Add(reasons::kWrongType, path);
        const object& members = node.get_object();
        std::size_t known = 0;
        boost::mp11::mp_for_each<Members<T>>([&](auto member) {
            auto& target = out.*member.pointer;
            using Target = std::remove_reference_t<decltype(target)>;
            const value* found = members.if_contains(member.name);
            if (found != nullptr) {
                ++known;
                Read(*found, target, Join(path, member.name));
            } else if constexpr (!IsOptional<Target>::value) {
                Add(reasons::kMissingField, Join(path, member.name));
            }
        });
        if (known != members.size()) ReportUnknown<T>(members, path);
    }

    template <class T>
    void ReportUnknown(const object& members, const std::string& path) {
        for (const auto& member : members) {
            bool known = false;
            boost::mp11::mp_for_each<Members<T>>([&](auto described) { known |= member.key() == described.name; });
            if (!known) Add(reasons::kUnknownField, Join(path, std::string_view(member.key())));
        }
    }
};

}  // namespace detail

/// All faults at once, each with its path.
template <class T>
Result<T> Read(const value& node) {
    T out{};
    detail::Reader reader;
    reader.Read(node, out, "");
    if (!reader.faults.empty()) return Refuse(std::move(reader.faults));
    return out;
}

template <class T>
value Write(const T& in) {
    if constexpr (std::is_same_v<T, value> || std::is_same_v<T, bool> || std::is_same_v<T, object>) {
        return in;
    } else if constexpr (std::is_same_v<T, std::string>) {
        return value(in);
    } else if constexpr (std::is_integral_v<T>) {
        return static_cast<std::int64_t>(in);
    } else if constexpr (std::is_same_v<T, Instant>) {
        return value(FormatInstant(in));
    } else if constexpr (detail::IsId<T>::value) {
        return value(in.value());
    } else if constexpr (std::is_enum_v<T>) {
        return value(EnumText(boost::describe::enum_to_string(in, "")));
    } else if constexpr (detail::IsOptional<T>::value) {
        return in ? Write(*in) : value(nullptr);
    } else if constexpr (detail::IsVector<T>::value) {
        array out;
        for (const auto& item : in) out.push_back(Write(item));
        return out;
    } else {
        object out;
        boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
            const auto& source = in.*member.pointer;
            if constexpr (detail::IsOptional<std::remove_cvref_t<decltype(source)>>::value) {
                if (source) out[member.name] = Write(*source);
            } else {
                out[member.name] = Write(source);
            }
        });
        return out;
    }
}

/// Named schemas of described structs, collected for components/schemas of OpenAPI.
struct Components : std::map<std::string, object> {
    /// Which type has which name: two types of one name would silently share one schema.
    std::map<std::string, std::string> types;
};

/// Name of a struct in the OpenAPI document: its C++ name without namespaces.
std::string ShortTypeName(const char* mangled);

template <class T>
object Schema(Components& components) {
    if constexpr (std::is_same_v<T, value>) {
        return object{};
    } else if constexpr (std::is_same_v<T, object>) {
        return object{{"type", "object"}};
    } else if constexpr (std::is_same_v<T, std::string> || detail::IsId<T>::value) {
        return object{{"type", "string"}};
    } else if constexpr (std::is_same_v<T, bool>) {
        return object{{"type", "boolean"}};
    } else if constexpr (std::is_integral_v<T>) {
        return object{{"type", "integer"}};
    } else if constexpr (std::is_same_v<T, Instant>) {
        return object{{"type", "string"}, {"format", "date-time"}};
    } else if constexpr (std::is_enum_v<T>) {
        array choices;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
            [&](auto entry) { choices.push_back(value(EnumText(entry.name))); });
        return object{{"type", "string"}, {"enum", choices}};
    } else if constexpr (detail::IsOptional<T>::value) {
        return Schema<typename T::value_type>(components);
    } else if constexpr (detail::IsVector<T>::value) {
        return object{{"type", "array"}, {"items", Schema<typename T::value_type>(components)}};
    } else {
        const std::string name = ShortTypeName(typeid(T).name());
        const auto claimed = components.types.try_emplace(name, typeid(T).name());
        OW_ASSERT(claimed.first->second == typeid(T).name());  // Rename one of the two structs.
        if (claimed.second) {
            components[name] = {};  // Before its members, which may lead back here.
            object properties;
            array required;
            boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
                using Member = std::remove_cvref_t<decltype(std::declval<T>().*member.pointer)>;
                properties[member.name] = Schema<Member>(components);
                if constexpr (!detail::IsOptional<Member>::value) required.push_back(value(member.name));
            });
            object schema{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
            if (!required.empty()) schema["required"] = required;
            components[name] = std::move(schema);
        }
        return object{{"$ref", "#/components/schemas/" + name}};
    }
}

}  // namespace onewindow::json
