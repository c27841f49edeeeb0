// What Buildbot's REST answers mean, as records of runs.
#pragma once

#include <map>
#include <sources/json/json_reader.hpp>
#include <store/records.hpp>
#include <string>

namespace resident::buildbot {

struct Build {
  std::int64_t id = 0;
  bool is_complete = false;
  CiRunRecord run;
};

// builders: names by id; origin: where its pages stand. Throws Error where the object is none.
Build build(const json::Object& object, const std::map<std::int64_t, std::string>& builders, const std::string& origin);
CiRunRecord step(const json::Object& object, const CiRunRecord& build);
// Of a build or a step: success, failure, skipped, startup_failure (an exception: the builder's trouble, no verdict on
// the product), stale (retry: its worker was lost, the same request is built again), cancelled. Warnings are a success.
std::string conclusion(std::int64_t results);

}  // namespace resident::buildbot
