// Everything on a page stands in its HTML already. This adds what HTML cannot do:
// pictures of the figures, and tables that can be sorted.
import "./resident.css";
import { drawFigure } from "./figure";
import { enableKeys } from "./keys";
import { enhanceTables } from "./table";

for (const figure of document.querySelectorAll<HTMLElement>("figure.chart")) drawFigure(figure);
enhanceTables(document);
enableKeys(document);
