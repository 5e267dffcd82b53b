// One file of everything: a component has no files to import from. What the host provides stays an import.
export default {
  input: 'src/driver.js',
  external: /^jeroboam:coe\//,
  moduleTypes: { '.yaml': 'text' },
  output: { file: 'build/bundle.js', format: 'esm' },
};
