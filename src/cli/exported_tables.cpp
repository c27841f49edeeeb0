#include <algorithm>
#include <cli/exported_tables.hpp>

namespace resident {

std::vector<std::string> exported_tables(Database& database) {
  std::vector<std::string> names = stored_tables(database);
  std::erase_if(names, [](const std::string& name) {
    return std::any_of(kNotExported.begin(), kNotExported.end(), [&](const auto& each) { return each.table == name; });
  });
  return names;
}

}  // namespace resident
