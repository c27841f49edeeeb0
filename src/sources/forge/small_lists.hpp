// Lists that are read whole each time because they are short: labels, milestones,
// releases. Each element is a record of its own, so what is unchanged is not
// written again and what is broken is set aside.
#pragma once

#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/forge/api.hpp>

namespace resident::live {

// kind: first part of the records' names ("label"). False where the forge has no such list.
template <class Take>
bool sync_list(Api& api, Writer& writer, const std::string& address, const std::string& kind, std::string_view key,
               const Take& take) {
  return api.each(address, [&](const json::Element& element) {
    std::string name = kind + "/?";
    try {
      const json::Object object(element, kind);
      const auto id = object.element(key);
      name = kind + "/" + (id ? minified(*id) : "?");
      const std::string print = fingerprint(minified(element));
      if (writer.seen(name, print)) return true;
      take(object);
      writer.mark(name, print);
    } catch (const Error& error) {
      if (!is_of_one_record(error)) throw;
      writer.quarantine(name, error.what());
    }
    return true;
  });
}

}  // namespace resident::live
