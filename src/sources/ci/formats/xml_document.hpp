// A report that is one XML document of no great size, by pugixml, which keeps what stands before a place that breaks.
#pragma once

#include <base/error.hpp>
#include <pugixml.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/xml_in_place.hpp>

namespace resident::ci {

inline std::string_view attribute(pugi::xml_node node, const char* name) {
  return node.attribute(name).value();
}

// The element `root` of the document; what is wrong with the file goes to report.incomplete. Throws Error where there
// is none.
inline pugi::xml_node load_document(pugi::xml_document& document, const Input& input, const char* root,
                                    TestReport& report) {
  std::string storage;
  const std::string_view bytes = xml::in_utf8(input.bytes, storage);
  const auto parsed =
      document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_fragment, pugi::encoding_utf8);
  const auto node = document.child(root);
  if (!node)
    throw Error(ErrorKind::failed, std::string("this XML cannot be read: ") + parsed.description(),
                "was the run killed while it wrote?");
  if (!parsed) report.incomplete.push_back(std::string("the file breaks off: ") + parsed.description());
  return node;
}

}  // namespace resident::ci
