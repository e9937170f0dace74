#pragma once

// The face of the room: codes, the working calendar, versioned reference data and look-ups.
#include "reference/calendar/calendar.hpp"
#include "reference/calendar/deadline.hpp"
#include "reference/codes/codes.hpp"
#include "reference/datasets/datasets.hpp"
#include "reference/reasons.hpp"
#include "reference/snapshot.hpp"
