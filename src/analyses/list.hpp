// All analyses and all backtests there are: what the commands, the pages, the assistant's tools and the JSON addresses
// find their work by. A new one is a line in list.cpp.
#pragma once

#include <framework/accuracy.hpp>
#include <framework/analysis.hpp>
#include <string_view>
#include <vector>

namespace resident {

const std::vector<const Analysis*>& analyses();
// Throws Error{usage} with the nearest name.
const Analysis& find_analysis(std::string_view name);

const std::vector<const AccuracyTask*>& accuracy_tasks();
const AccuracyTask& find_accuracy_task(std::string_view name);

}  // namespace resident
