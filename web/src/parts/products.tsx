/* A box to choose products in: lists and products by name, and any code of the Harmonized System. */
import { productName, productOptions, typedProduct } from "../products";
import { Combo } from "./combo";

export const ProductsCombo = ({
  label,
  chosen,
  choose,
}: {
  label: string;
  chosen: string[];
  choose: (codes: string[]) => void;
}) => (
  <Combo
    label={label}
    multiple
    chosen={chosen}
    options={productOptions()}
    typed={typedProduct}
    name={productName}
    choose={choose}
  />
);
