#pragma once

#include <vector>

#include "kernel/db/db.hpp"
#include "kernel/messages/messages.hpp"

// What tools/embed.py gathered from the rooms' folders.
namespace onewindow::embedded {

std::vector<const db::Query*> AllQueries();
std::vector<db::Migration> AllMigrations();
std::vector<messages::File> AllMessages();
/// The rooms' contract.toml, in which they tell strangers what types alone do not say.
std::vector<std::string_view> AllContracts();

}  // namespace onewindow::embedded
