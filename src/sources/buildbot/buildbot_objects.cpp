#include <fmt/format.h>

#include <sources/buildbot/buildbot_objects.hpp>

namespace resident::buildbot {

namespace {

using json::Object;

// A property is [value, source]; of several codebases the value is an object of revisions, the first of them counts.
std::string property(const Object& properties, std::string_view name) {
  const auto pair = properties.array(name);
  if (!pair || pair->size() == 0) return {};
  json::Element value;
  if (pair->at(0).get(value) != simdjson::SUCCESS) return {};
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  simdjson::dom::object of_codebases;
  if (value.get(of_codebases) == simdjson::SUCCESS)
    for (const auto& [codebase, revision] : of_codebases)
      if (revision.get(text) == simdjson::SUCCESS && !text.empty()) return std::string(text);
  return {};
}

}  // namespace

std::string conclusion(std::int64_t results) {
  constexpr std::int64_t kSuccess = 0, kWarnings = 1, kFailure = 2, kSkipped = 3, kException = 4, kRetry = 5;
  switch (results) {
    case kSuccess:
    case kWarnings:
      return "success";
    case kFailure:
      return "failure";
    case kSkipped:
      return "skipped";
    case kException:
      return "startup_failure";
    case kRetry:
      return "stale";
    default:
      return "cancelled";
  }
}

Build build(const Object& object, const std::map<std::int64_t, std::string>& builders, const std::string& origin) {
  Build build;
  build.id = object.required_integer("buildid");
  build.is_complete = object.boolean("complete");
  const std::int64_t builder = object.required_integer("builderid"), number = object.required_integer("number");
  CiRunRecord& run = build.run;
  run.kind = "workflow_run";
  run.key = fmt::format("build/{}", build.id);
  const auto name = builders.find(builder);
  run.name = name == builders.end() ? fmt::format("builder {}", builder) : name->second;
  run.url = fmt::format("{}/#/builders/{}/builds/{}", origin, builder, number);
  if (const auto properties = object.object("properties")) {
    run.sha = property(*properties, "got_revision");
    if (run.sha.empty()) run.sha = property(*properties, "revision");
    run.branch = property(*properties, "branch");
    run.trigger_event = property(*properties, "scheduler");
  }
  run.status = build.is_complete ? "completed" : "in_progress";
  if (build.is_complete) run.conclusion = conclusion(object.integer("results").value_or(-1));
  run.started_at = object.time("started_at");
  run.finished_at = object.time("complete_at");
  return build;
}

CiRunRecord step(const Object& object, const CiRunRecord& build) {
  CiRunRecord run;
  run.kind = "job";
  run.key = fmt::format("step/{}", object.required_integer("stepid"));
  run.parent_key = build.key;
  run.name = object.text("name");
  run.sha = build.sha;
  run.branch = build.branch;
  run.status = object.boolean("complete") ? "completed" : "in_progress";
  if (object.boolean("complete")) run.conclusion = conclusion(object.integer("results").value_or(-1));
  run.started_at = object.time("started_at");
  run.finished_at = object.time("complete_at");
  return run;
}

}  // namespace resident::buildbot
