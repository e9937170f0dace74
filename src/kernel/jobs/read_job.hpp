#pragma once

#include "kernel/jobs/jobs.hpp"

namespace onewindow::jobs {

/// A job from a row with its columns; not a face.
Job ReadJob(const db::Row& row);

}  // namespace onewindow::jobs
