// Files that are built into the binary (see cmake/embed.cmake): the database
// schema, the plain metrics, the presets and the web bundle. One function for
// each list, so that the program needs no files beside itself at run time.
#pragma once

#include <string>
#include <vector>

namespace resident::embedded {

struct File {
  std::string name;  // without folder
  std::string content;
};

const std::vector<File>& schema_files();
const std::vector<File>& metric_files();
const std::vector<File>& kept_metric_files();
const std::vector<File>& preset_files();
const std::vector<File>& web_files();
const std::vector<File>& graphql_files();
const std::vector<File>& lock_files();  // what the web bundle is built from

}  // namespace resident::embedded
