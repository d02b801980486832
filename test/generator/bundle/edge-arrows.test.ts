/** Functions as arrow functions: shorter, and the same program. */
import { parse } from 'acorn';
import { describe, expect, it } from 'vitest';
import { arrowFunctions } from '../../../generator/bundle/edge-arrows.ts';

const written = (text: string): string =>
  arrowFunctions(text, parse(text, { ecmaVersion: 2022, sourceType: 'module' }));

describe('arrowFunctions', () => {
  it.each([
    ['one value', 'function f(a){return a+1}', 'var f=a=>a+1;'],
    ['no parameter', 'function f(){return 1}', 'var f=()=>1;'],
    ['two parameters', 'function f(a,b){return a+b}', 'var f=(a,b)=>a+b;'],
    ['an object', 'function f(a){return{a:a}}', 'var f=a=>({a:a});'],
    ['what begins with an object', 'function f(a){return{a:a}.a}', 'var f=a=>({a:a}.a);'],
    ['a sequence', 'function f(a){return a(),1}', 'var f=a=>(a(),1);'],
    ['nothing', 'function f(a){return}', 'var f=a=>{return};'],
    ['an empty body', 'function f(a){}', 'var f=a=>{};'],
    ['statements', 'function f(a){let b=a;return b}', 'var f=a=>{let b=a;return b};'],
    ['a statement that is no return', 'function f(a){a()}', 'var f=a=>{a()};'],
    ['neighbours', 'var a=1,b=2;function f(c){return a}var d=3;', 'var a=1,b=2,f=c=>a,d=3;'],
    ['inner functions', 'function f(a){return a(function(){return 1})}', 'var f=a=>a(function(){return 1});'],
    ['imports in front', 'import c from"crypto";function f(a){return c}', 'import c from"crypto";var f=a=>c;'],
    ['async functions', 'async function f(a){return 1}', 'async function f(a){return 1}'],
    ['the handler', 'var a=1;function handler(e){return a}', 'var a=1;function handler(e){return a}'],
    ['constants', 'const a=1;function f(b){return a}', 'const a=1;var f=b=>a;'],
  ])('%s', (_name, text, expected) => {
    expect(written(text)).toBe(expected);
  });
});
