// Lines of the generic JSON Lines format (docs/guide/jsonl.md) as records: pure
// functions over parsed JSON, so that they can be fuzzed. Each throws Error for a
// record that can't be read.
#pragma once

#include <optional>
#include <sources/forge/github_objects.hpp>
#include <store/result_book.hpp>

namespace resident::jsonl {

// provider: the forge that logins belong to.
PersonRecord person(json::Element element, const std::string& provider, const std::string& name);
ItemRecord item(const json::Object& object, const std::string& provider, const github::Problem& problem);
CiRunRecord ci_run(const json::Object& object);
// The results of its tests; nothing where the line tells of none.
std::optional<TestRunRecord> test_run(const json::Object& object, const CiRunRecord& run);
BenchmarkRecord benchmark(const json::Object& object);

}  // namespace resident::jsonl
