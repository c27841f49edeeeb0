#include <algorithm>
#include <model/experts.hpp>
#include <model/tests/test_files.hpp>

namespace resident {

std::vector<std::string> likely_files(const std::string& suite, const std::string& name) {
  constexpr std::size_t kMostFiles = 12;
  std::vector<std::string> files;
  const auto add = [&](std::string file) {
    if (files.size() < kMostFiles && std::find(files.begin(), files.end(), file) == files.end())
      files.push_back(std::move(file));
  };
  for (const std::string* text : {&suite, &name}) {
    const std::string file = text->substr(0, text->find("::"));
    if (file.find('/') != std::string::npos || file.find('.') != std::string::npos) add(file);
  }
  for (const std::string* text : {&suite, &name}) {
    std::string module = text->substr(0, text->find("::"));
    if (module.find_first_of("/ ") != std::string::npos) continue;
    std::replace(module.begin(), module.end(), '.', '/');
    for (; !module.empty(); module.resize(module.rfind('/') == std::string::npos ? 0 : module.rfind('/')))
      add(module + ".py");
  }
  return files;
}

std::set<std::int64_t> paths_of_test(const Context& context, const std::string& suite, const std::string& name) {
  std::set<std::int64_t> paths;
  for (const auto& file : likely_files(suite, name))
    if (const auto path =
            context.database.integer("SELECT path_id FROM path WHERE project_id = :project AND path = :path",
                                     {{"project", context.project_id}, {"path", file}}))
      paths.insert(*path);
  return paths;
}

std::vector<std::string> experts_of_tests(const TestRuns& runs, const People& people,
                                          const std::vector<std::int64_t>& tests, std::size_t most) {
  std::set<std::int64_t> paths;
  for (std::size_t i = 0; i < std::min<std::size_t>(tests.size(), 3); ++i) {
    const auto [suite, name] = runs.suite_and_name(tests[i]);
    paths.merge(paths_of_test(runs.context(), suite, name));
  }
  std::vector<std::string> names;
  if (paths.empty()) return names;
  for (const auto& expert : experts_of_files(runs.context(), people, paths))
    if (expert.living && names.size() < most) names.push_back(people.name(expert.person));
  return names;
}

}  // namespace resident
