#include "kernel/db/db.hpp"

namespace onewindow::db {

Row::Row(std::shared_ptr<const std::vector<std::string>> columns, std::vector<Value> values)
    : columns_(std::move(columns)), values_(std::move(values)) {
    OW_ASSERT(columns_->size() == values_.size());
}

const Value& Row::At(std::string_view column) const {
    const auto found = std::find(columns_->begin(), columns_->end(), column);
    OW_ASSERT(found != columns_->end());
    return values_[static_cast<std::size_t>(found - columns_->begin())];
}

bool Row::IsNull(std::string_view column) const {
    return std::holds_alternative<std::monostate>(At(column));
}

std::int64_t Row::Int(std::string_view column) const {
    const auto* value = std::get_if<std::int64_t>(&At(column));
    OW_ASSERT(value);
    return *value;
}

const std::string& Row::Text(std::string_view column) const {
    const auto* value = std::get_if<std::string>(&At(column));
    OW_ASSERT(value);
    return *value;
}

const std::string& Row::Blob(std::string_view column) const {
    const auto* value = std::get_if<Bytes>(&At(column));
    OW_ASSERT(value);
    return value->bytes;
}

Date Row::Day(std::string_view column) const {
    const auto date = ParseDate(Text(column));
    OW_ASSERT(date.has_value());
    return *date;
}

std::string Row::TextOr(std::string_view column, std::string_view fallback) const {
    return IsNull(column) ? std::string(fallback) : Text(column);
}

std::optional<std::int64_t> Row::IntIfAny(std::string_view column) const {
    return IsNull(column) ? std::optional<std::int64_t>{} : Int(column);
}

std::optional<Instant> Row::TimeIfAny(std::string_view column) const {
    return IsNull(column) ? std::optional<Instant>{} : Time(column);
}

Error MapConstraint(Error error, std::string_view constraint, const Reason& reason,
                    std::string_view field) {
    if (error.constraint() != constraint) return error;
    return Error(Fault{&reason, std::string(field)})
        .WithDetail(error.detail())
        .WithConstraint(error.constraint());
}

Result<std::unique_ptr<Database>> Open(std::string_view url) {
    constexpr std::string_view kSqlite = "sqlite:";
    if (url.starts_with(kSqlite)) {
        return OpenSqlite({.path = std::string(url.substr(kSqlite.size()))});
    }
    for (const std::string_view start : {"postgres://", "postgresql://", "host=", "dbname="}) {
        if (url.starts_with(start)) return OpenPostgres({.url = std::string(url)});
    }
    return Refuse(reasons::kUrl, "db");
}

}  // namespace onewindow::db
