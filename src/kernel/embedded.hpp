#pragma once

#include <vector>

#include "kernel/db/db.hpp"
#include "kernel/messages/messages.hpp"

// What tools/embed.py gathered from the rooms' folders.
namespace onewindow::embedded {

std::vector<const db::Query*> AllQueries();
std::vector<db::Migration> AllMigrations();
std::vector<messages::File> AllMessages();

}  // namespace onewindow::embedded
